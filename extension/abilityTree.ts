import {
  type Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode';
import { type Ability, listAbilities } from '../server/protocol/ability.ts';
import { abilitiesChanged } from '../server/protocol/editor.ts';
import { deliverableIcon } from './deliverableIcon.ts';
import { plainText } from './plainText.ts';
import type { Worker } from './worker.ts';

/** The Abilities of the person and of the open workspaces (SPEC A6). */
export class AbilityTree implements TreeDataProvider<Ability>, Disposable {
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<void>();
  private readonly owned: Disposable[];

  readonly onDidChangeTreeData = this.emitter.event;

  constructor(worker: Worker) {
    this.worker = worker;
    this.owned = [
      this.emitter,
      worker.onState((state) => state !== 'starting' && this.refresh()),
      worker.on(abilitiesChanged, () => this.refresh()),
    ];
  }

  refresh(): void {
    this.emitter.fire();
  }

  async getChildren(parent?: Ability): Promise<Ability[]> {
    if (parent || !this.worker.usable) return [];
    const listed = await this.worker.send(listAbilities, {});
    return listed.ok ? listed.value.abilities : [];
  }

  getTreeItem(ability: Ability): TreeItem {
    const item = new TreeItem(plainText(ability.name, 80), TreeItemCollapsibleState.None);
    const goes = `${ability.deliverable} → ${ability.target.type}`;
    const origin = originWords(ability);
    item.id = `${ability.origin}/${ability.id}`;
    item.description = goes;
    item.iconPath = new ThemeIcon(deliverableIcon(ability.deliverable));
    item.contextValue = `ability.${ability.origin}`;
    item.tooltip = tooltip(ability, origin);
    item.command = { command: 'butler.ability.open', title: l10n.t('Open'), arguments: [ability] };
    item.accessibilityInformation = {
      label: l10n.t('Ability {0}, delivers {1}, {2}', plainText(ability.name, 80), goes, origin),
    };
    return item;
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }
}

function originWords({ origin }: Ability): string {
  const words = {
    builtin: () => l10n.t('comes with the butler'),
    user: () => l10n.t('yours, in every workspace'),
    workspace: () => l10n.t('of this workspace, in .butler/abilities.json'),
  };
  return words[origin]();
}

function tooltip(ability: Ability, origin: string): MarkdownString {
  const text = new MarkdownString();
  const rows = [
    ability.description,
    l10n.t('Provider: {0}', ability.model ? `${ability.provider} · ${ability.model}` : ability.provider),
    l10n.t('Deliverable: {0}', ability.deliverable),
    l10n.t('Target: {0}', ability.target.type),
    l10n.t('Kept: {0}', origin),
  ];
  text.appendText(rows.filter((row) => row !== '').join('\n'));
  return text;
}
