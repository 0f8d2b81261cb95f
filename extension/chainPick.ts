import {
  l10n,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  window,
} from 'vscode';
import type { ModelChoice, ProviderInfo } from '../server/protocol/provider.ts';
import { providerLook } from './connectionWords.ts';
import { choosable, earlier, type FallbackChain, withChoice, without } from './fallbackChain.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';

/** What a chain is chosen from, and how its question reads. */
export interface ChainQuestion {
  readonly title: string;
  readonly question: string;
  readonly providers: readonly ProviderInfo[];
  /** Asks for the model of a choice; nothing when that was broken off. */
  model(choice: ModelChoice): Promise<string | undefined>;
}

/** Lets a person put providers in an order; `undefined` when it was broken off. */
export async function pickChain(
  question: ChainQuestion,
  before: FallbackChain,
): Promise<FallbackChain | undefined> {
  for (let chain = before; ; ) {
    const done = await showChain(question, chain);
    if (!done) return undefined;
    if (done.kind === 'keep') return done.chain;
    chain = await withModel(question, done);
  }
}

type Done =
  | { readonly kind: 'keep'; readonly chain: FallbackChain }
  | { readonly kind: 'model'; readonly chain: FallbackChain; readonly at: number };

interface Row extends QuickPickItem {
  /** What choosing it does to the chain; `keep` ends the choice. */
  readonly does?: 'keep' | ((chain: FallbackChain) => FallbackChain);
  readonly at?: number;
}

async function withModel(
  question: ChainQuestion,
  { chain, at }: Extract<Done, { kind: 'model' }>,
): Promise<FallbackChain> {
  const choice = chain[at];
  const model = choice && (await question.model(choice));
  return choice && model !== undefined ? chain.with(at, { ...choice, model }) : chain;
}

function showChain(question: ChainQuestion, before: FallbackChain): Promise<Done | undefined> {
  const pick = window.createQuickPick<Row>();
  const at = { chain: before };
  const show = (chain: FallbackChain) => {
    at.chain = chain;
    pick.items = rowsOf(question.providers, chain);
    const keep = pick.items.find(({ does }) => does === 'keep');
    if (chain.length > 0 && keep) pick.activeItems = [keep];
  };
  dress(pick, question);
  show(before);
  return new Promise<Done | undefined>((settle) => {
    pick.onDidAccept(() => {
      const does = pick.selectedItems[0]?.does;
      if (does === 'keep') settle({ kind: 'keep', chain: at.chain });
      else if (does) show(does(at.chain));
    });
    pick.onDidTriggerItemButton(({ item, button }) => {
      if (item.at === undefined) return;
      if (button === buttons.model) settle({ kind: 'model', chain: at.chain, at: item.at });
      else show(button === buttons.earlier ? earlier(at.chain, item.at) : without(at.chain, item.at));
    });
    pick.onDidHide(() => settle(undefined));
    pick.show();
  }).finally(() => pick.dispose());
}

function dress(pick: QuickPick<Row>, { title, question }: ChainQuestion): void {
  pick.title = l10n.t('Butler: {0}', title);
  pick.placeholder = question;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
}

const buttons = {
  earlier: { iconPath: new ThemeIcon('arrow-up'), tooltip: l10n.t('Earlier') },
  model: { iconPath: new ThemeIcon('sparkle'), tooltip: l10n.t('Choose a Model') },
  remove: { iconPath: new ThemeIcon('close'), tooltip: l10n.t('Take Out') },
} as const satisfies Record<string, QuickInputButton>;

function rowsOf(providers: readonly ProviderInfo[], chain: FallbackChain): Row[] {
  const chosen = chain.map((choice, at) => chosenRow(providers, choice, at));
  const others = choosable(providers)
    .filter(({ name }) => !chain.some(({ provider }) => provider === name))
    .map(otherRow);
  return [
    ...under(l10n.t('In this order; choose one to take it out'), chosen),
    ...under(l10n.t('Choose to add it at the end'), others),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: `$(check) ${l10n.t('Keep this order')}`, does: 'keep', alwaysShow: true },
  ];
}

function chosenRow(providers: readonly ProviderInfo[], { provider, model }: ModelChoice, at: number): Row {
  const info = providers.find(({ name }) => name === provider);
  const words = info ? providerLook(info, language, Date.now()).words : l10n.t('not there any more');
  const { earlier: up, model: other, remove } = buttons;
  return {
    label: `${at + 1}. ${plainText(info?.title ?? provider, 80)}`,
    description: model ? `${plainText(model, 80)} · ${words}` : words,
    buttons: at === 0 ? [other, remove] : [up, other, remove],
    does: (chain) => without(chain, at),
    at,
  };
}

function otherRow(provider: ProviderInfo): Row {
  const { icon, words } = providerLook(provider, language, Date.now());
  return {
    label: `$(${icon}) ${plainText(provider.title, 80)}`,
    description: words,
    does: (chain) => withChoice(chain, { provider: provider.name, model: '' }),
  };
}

function under(label: string, rows: Row[]): Row[] {
  return rows.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...rows];
}
