import { l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { type Ability, builtInAgents, listAbilities } from '../server/protocol/ability.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

interface Row extends QuickPickItem {
  readonly name: string;
}

/** Lets a person choose whom an Ability may hand jobs to; `undefined` when it was broken off. */
export async function pickAgents(worker: Worker, ability: Ability): Promise<string[] | undefined> {
  const listed = valueOrTell(await worker.send(listAbilities, {}));
  if (!listed) return undefined;
  const others = listed.abilities.filter(({ id }) => id !== ability.id);
  const row = (name: string, label: string, description: string): Row => ({
    name,
    label: plainText(label, 80),
    description: plainText(description, 120),
    picked: ability.agents?.includes(name) ?? false,
  });
  const own = others.map(({ id, name, description }) => row(id, name, description));
  const taken = new Set(own.map(({ name }) => name));
  const builtIn = builtInAgents.flatMap((name) =>
    name === 'general' || taken.has(name) ? [] : [row(name, ...agentWords(name))],
  );
  const picked = await window.showQuickPick(
    [
      ...builtIn,
      ...(own.length > 0 ? [{ ...row('', l10n.t('Abilities'), ''), kind: QuickPickItemKind.Separator }] : []),
      ...own,
    ],
    {
      title: l10n.t('Butler: Specialists of {0}', plainText(ability.name, 80)),
      placeHolder: l10n.t('Who may be handed its jobs? Choose none and it does them all itself.'),
      canPickMany: true,
      matchOnDescription: true,
    },
  );
  return picked?.map(({ name }) => name);
}

/** The specialists of an Ability as a person reads them. */
export function agentNames({ agents = [] }: Ability): string {
  const names: readonly string[] = builtInAgents;
  const isBuiltIn = (name: string): name is Agent => names.includes(name);
  const words = agents.map((name) => (isBuiltIn(name) ? agentWords(name)[0] : name));
  return words.length > 0 ? words.join(', ') : l10n.t('None');
}

type Agent = (typeof builtInAgents)[number];

function agentWords(name: Agent): [title: string, about: string] {
  const words: Record<Agent, () => [string, string]> = {
    project: () => [l10n.t('Project'), l10n.t('Code, documents, sites and reports of the workspace')],
    knowledge: () => [l10n.t('Knowledge'), l10n.t('Answers from notes and documents')],
    task: () => [l10n.t('Tasks'), l10n.t('To-do lists in files')],
    calendar: () => [l10n.t('Calendar'), l10n.t('Dates and schedules in files')],
    email: () => [l10n.t('Mail'), l10n.t('Drafts; it sends nothing')],
    analytics: () => [l10n.t('Analytics'), l10n.t('Figures in files')],
    general: () => [l10n.t('General'), l10n.t('Everything else')],
  };
  return words[name]();
}
