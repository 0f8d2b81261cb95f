import { bad, fromIssues, good, type Outcome } from '../server/protocol/failure.ts';
import { Id } from '../server/protocol/message.ts';
import { ProviderConfig, type ProviderInfo, ProviderKind } from '../server/protocol/provider.ts';
import { isFound, isSetUp, providerLook } from './connectionWords.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';
import type { Answers, Choice, Step } from './wizard.ts';

/** A provider as a person described it, and its key where one was given. */
export interface NewProvider {
  readonly name: string;
  /** What to keep of it; nothing where the key is all there is to it. */
  readonly config: ProviderConfig | null;
  readonly key: string;
}

/** The row for a service of another address, and the kind that it stands for. */
const other = 'compatible';

/** The questions about a provider to add, worked out from the answers given so far. */
export function providerSteps(
  { providers, now }: { providers: readonly ProviderInfo[]; now: number },
  answers: Answers,
  t: Translate,
): Step[] {
  const provider = providers.find(({ name }) => name === answers.provider);
  return [
    {
      kind: 'pick',
      key: 'provider',
      question: t('Who shall do the thinking?'),
      choices: providerChoices(providers, now, t),
    },
    ...(answers.provider === other ? [nameStep(providers, t), addressStep(t, true)] : []),
    ...(provider?.kind === 'ollama' && !provider.ready ? [addressStep(t, false)] : []),
    ...(provider && provider.key !== 'none' ? [keyStep(provider, t)] : []),
    ...(answers.provider === other ? [optionalKeyStep(t)] : []),
  ];
}

/** The provider that the answers describe. */
export function providerOf(
  providers: readonly ProviderInfo[],
  { provider: chosen = '', name = '', baseUrl = '', key = '' }: Answers,
): Outcome<NewProvider> {
  const known = providers.find((one) => one.name === chosen);
  if (known && known.key !== 'none') return good({ name: known.name, config: null, key: key.trim() });
  const parsed = ProviderConfig.safeParse({
    ...(known?.config ?? (known ? { name: known.name, kind: known.kind } : ownConfig(name.trim()))),
    ...(baseUrl.trim() === '' ? {} : { baseUrl: baseUrl.trim() }),
  });
  if (!parsed.success) return bad(fromIssues(parsed.error));
  return good({ name: parsed.data.name, config: parsed.data, key: key.trim() });
}

/** A service of the person's own, which is shown by the name that it was given. */
function ownConfig(name: string): Pick<ProviderConfig, 'name' | 'kind' | 'title'> {
  return { name, kind: other, title: name };
}

/** The question for the address of a service; `needed` where it has no public one. */
export function addressStep(t: Translate, needed: boolean, value?: string): Step {
  const hint = needed ? 'http://127.0.0.1:8080/v1' : t('Empty means its usual address');
  return {
    kind: 'text',
    key: 'baseUrl',
    question: t('At which address? Your key and your words go there.'),
    hint,
    ...(value === undefined ? {} : { value }),
    wrong: (text) => (text.trim() === '' && !needed ? null : wrongInAddress(text.trim(), t)),
  };
}

/** What is wrong with the base URL of a service, or `null`. */
export function wrongInAddress(text: string, t: Translate): string | null {
  const example = 'http://127.0.0.1:8080/v1';
  if (!URL.canParse(text)) return t('An address such as {0}', example);
  const { protocol, username, password, search, hash, pathname } = new URL(text);
  if (!/^https?:$/.test(protocol)) return t('An address such as {0}', example);
  if (username || password) return t('The key comes next; leave name and password out of the address.');
  if (search || hash) return t('Leave out what follows "?" or "#".');
  return /\/(chat\/)?completions\/?$/.test(pathname)
    ? t('Leave out "{0}"; the base URL ends before it.', '/chat/completions')
    : null;
}

/** The question for how long a silent provider is waited for. */
export function timeStep(limit: number | undefined, t: Translate): Step {
  return {
    kind: 'text',
    key: 'timeLimit',
    question: t('After how many seconds without a word is a request given up?'),
    hint: t('Empty means as usual'),
    value: limit === undefined ? '' : String(limit),
    wrong: (text) => {
      const fits = /^\d{0,4}$/.test(text.trim()) && text.trim() !== '0' && Number(text) <= 3600;
      return fits ? null : t('A whole number from 1 to 3600, or empty.');
    },
  };
}

/** The question for a key; one that is there stays when nothing is said. */
export function keyStep({ title, key }: Pick<ProviderInfo, 'title' | 'key'>, t: Translate): Step {
  const wrong = (text: string) => (text.trim() === '' && key !== 'set' ? t('A key is needed.') : null);
  return {
    kind: 'text',
    key: 'key',
    question: t('API key of {0}; it is kept in the safest place there is', title),
    ...(key === 'set' ? { hint: t('Leave empty to keep the key there is') } : {}),
    secret: true,
    wrong,
  };
}

function optionalKeyStep(t: Translate): Step {
  return {
    kind: 'text',
    key: 'key',
    question: t('API key, where the service wants one'),
    hint: t('May stay empty'),
    secret: true,
    wrong: () => null,
  };
}

function nameStep(providers: readonly ProviderInfo[], t: Translate): Step {
  const wrong = (text: string) => {
    const name = text.trim();
    if (!Id.safeParse(name).success) return t('Letters, digits, - and _ only, as in my-server.');
    const taken = ProviderKind.safeParse(name).success || providers.some((one) => one.name === name);
    return taken ? t('There is a provider of that name.') : null;
  };
  return { kind: 'text', key: 'name', question: t('What shall it be called?'), hint: 'my-server', wrong };
}

/** Those found here first, then the others, then one of an address of its own. */
function providerChoices(providers: readonly ProviderInfo[], now: number, t: Translate): Choice[] {
  const choosable = providers.filter(({ kind }) => kind !== 'offline' && kind !== other);
  const found = choosable.filter(isFound);
  const row = (provider: ProviderInfo, group: string): Choice => {
    const { icon, words } = providerLook(provider, t, now);
    const { name, title, about } = provider;
    /** That a service wants a key, its own words say. */
    const known =
      provider.key === 'missing' ? {} : { description: isSetUp(provider) ? t('set up, {0}', words) : words };
    return {
      label: `$(${icon}) ${plainText(title, 80)}`,
      ...known,
      detail: plainText(t.said(about)),
      value: name,
      group,
    };
  };
  return [
    ...found.map((one) => row(one, t('Found here'))),
    ...choosable.filter((one) => !found.includes(one)).map((one) => row(one, t('Services'))),
    {
      label: `$(globe) ${t('Another service…')}`,
      detail: t('Any address that speaks the OpenAI API, on this machine or elsewhere.'),
      value: other,
      group: t('Services'),
    },
  ];
}
