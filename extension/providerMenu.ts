import type { Failure } from '../server/protocol/failure.ts';
import type { ProviderInfo, ProviderKind } from '../server/protocol/provider.ts';
import { isFound, isSetUp, providerLook } from './connectionWords.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';
import type { Choice } from './wizard.ts';

/** What can be done with a provider. */
export const providerActions = ['key', 'address', 'model', 'time', 'test', 'remove'] as const;
export type ProviderAction = (typeof providerActions)[number];

/** What a test of a provider came to. */
export interface Tested {
  readonly model: string;
  readonly failure: Failure | null;
  /** In ms. */
  readonly took: number;
}

/** The row that leads to a new provider. */
export const addRow = '+';

/** The providers in use and found here, and the way to another one. */
export function providerRows(providers: readonly ProviderInfo[], now: number, t: Translate): Choice[] {
  const row = (provider: ProviderInfo, group: string): Choice => {
    const { icon, words } = providerLook(provider, t, now);
    const { name, title, about, config } = provider;
    const model = config?.model ? ` · ${plainText(config.model, 60)}` : '';
    return {
      label: `$(${icon}) ${plainText(title, 80)}`,
      description: words + model,
      detail: plainText(t.said(about)),
      value: name,
      group,
    };
  };
  const inUse = providers.filter((one) => one.kind === 'offline' || isSetUp(one));
  return [
    ...inUse.map((one) => row(one, t('In use'))),
    ...providers.filter(isFound).map((one) => row(one, t('Found here'))),
    { label: `$(add) ${t('Add a provider…')}`, value: addRow, group: t('More') },
  ];
}

/** What can be done with one provider: what a test said first, with what mends it, then everything else. */
export function actionRows(provider: ProviderInfo, tested: Tested | null, t: Translate): Choice[] {
  const rows = possible(provider).map((action) => actionRow(action, provider, t));
  if (!tested) return rows;
  const mending = mendingAction(tested);
  const group = t('Test');
  const first = rows.filter(({ value }) => value === mending).map((row) => ({ ...row, group }));
  return [{ ...testedRow(tested, t), group }, ...first, ...rows.filter(({ value }) => value !== mending)];
}

/** What can be done with a provider of each kind. */
const actionsOf: Readonly<Record<ProviderKind, readonly ProviderAction[]>> = {
  offline: [],
  anthropic: ['test', 'key', 'model', 'address', 'time', 'remove'],
  openai: ['test', 'key', 'model', 'address', 'time', 'remove'],
  google: ['test', 'key', 'model', 'address', 'time', 'remove'],
  mistral: ['test', 'key', 'model', 'address', 'time', 'remove'],
  groq: ['test', 'key', 'model', 'address', 'time', 'remove'],
  ollama: ['test', 'model', 'address', 'key', 'time', 'remove'],
  compatible: ['test', 'model', 'address', 'key', 'time', 'remove'],
  editor: ['test', 'model', 'time', 'remove'],
};

/** What mends each kind of failure. */
const mends: Readonly<Partial<Record<Failure['kind'], ProviderAction>>> = {
  auth: 'key',
  offline: 'address',
  malformed: 'address',
  notFound: 'model',
  invalid: 'model',
};

/** What mends what a test of a provider said, where it can be done in its menu. */
export function mendingAction({ failure }: Tested): ProviderAction | undefined {
  return failure ? mends[failure.kind] : undefined;
}

function possible(provider: ProviderInfo): readonly ProviderAction[] {
  return actionsOf[provider.kind].filter((action) => {
    if (action === 'key') return takesKey(provider);
    return action !== 'remove' || isSetUp(provider);
  });
}

/** Whether a key can be given to a provider; an address of one's own may want one. */
export function takesKey({ key, config }: ProviderInfo): boolean {
  return key !== 'none' || config?.baseUrl !== undefined;
}

function actionRow(action: ProviderAction, { key, config }: ProviderInfo, t: Translate): Choice {
  const rows: Record<ProviderAction, () => readonly [icon: string, label: string, description: string]> = {
    test: () => ['pulse', t('Test Connection'), t('asks for one short answer')],
    key: () => ['key', t('Set API Key'), key === 'set' ? t('has a key') : t('has no key')],
    model: () => ['sparkle', t('Choose Default Model'), config?.model || t("the provider's own choice")],
    address: () => ['globe', t('Change Address'), config?.baseUrl ?? t('its usual address')],
    time: () => [
      'watch',
      t('Change Time Limit'),
      config?.timeLimit === undefined ? t('as usual') : t('{0} seconds', config.timeLimit),
    ],
    remove: () => ['trash', t('Remove'), t('its key too')],
  };
  const [icon, label, description] = rows[action]();
  return { label: `$(${icon}) ${label}`, description: plainText(description, 80), value: action };
}

function testedRow({ model, failure, took }: Tested, t: Translate): Choice {
  if (!failure) {
    const seconds = (took / 1000).toFixed(1);
    const label = model ? t('{0} answered', plainText(model, 60)) : t('It answered');
    return { label: `$(pass) ${label}`, description: t('in {0} s', seconds), value: 'test' };
  }
  return {
    label: `$(error) ${plainText(t.said(failure.what), 120)}`,
    detail: plainText(t.said(failure.mend)),
    value: 'test',
  };
}
