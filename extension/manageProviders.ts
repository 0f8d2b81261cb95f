import { l10n } from 'vscode';
import { bad, fromIssues, good } from '../server/protocol/failure.ts';
import {
  listModels,
  listProviders,
  ProviderConfig,
  type ProviderInfo,
  removeProvider,
  saveProvider,
  testProvider,
} from '../server/protocol/provider.ts';
import { askNewProvider, offerToButler } from './addProvider.ts';
import { setApiKey } from './apiKey.ts';
import { askOnce, choose, whileWaiting } from './askStep.ts';
import { language } from './language.ts';
import { type AskModels, modelStep } from './modelForm.ts';
import { plainText } from './plainText.ts';
import { addressStep, timeStep } from './providerForm.ts';
import {
  actionRows,
  addRow,
  mendingAction,
  type ProviderAction,
  providerRows,
  type Tested,
} from './providerMenu.ts';
import { valueOrTell } from './tell.ts';
import type { Answers, Step } from './wizard.ts';
import type { Worker } from './worker.ts';

/** Lists the providers and does with one what a person chooses, until it is left. */
export async function manageProviders(worker: Worker, given?: string): Promise<void> {
  if (given !== undefined) return manageProvider(worker, given);
  const listed = valueOrTell(await worker.send(listProviders, { look: true }));
  if (!listed) return;
  const choices = providerRows(listed.providers, Date.now(), language);
  const name = await choose(l10n.t('Manage Providers'), l10n.t('Which provider?'), choices);
  if (name === addRow) await addProvider(worker);
  else if (name !== undefined) await manageProvider(worker, name);
}

/** Sets a provider up, tests it at once and shows what came of it, with what mends it. */
export async function addProvider(worker: Worker, given: Answers = {}): Promise<string | undefined> {
  const name = await askNewProvider(worker, given);
  if (name === undefined) return undefined;
  const provider = await read(worker, name);
  const tested = provider && (await test(worker, provider));
  if (!provider || !tested) return name;
  if (tested.failure) await manageProvider(worker, name, tested);
  else if (await chooseFirstModel(worker, provider, tested.model)) await offerToButler(worker, provider);
  return name;
}

/** Asks for the model to take where a provider has none of its own; says whether there is one. */
async function chooseFirstModel(worker: Worker, provider: ProviderInfo, answered: string): Promise<boolean> {
  if (provider.models.length > 0) return true;
  const model = await askModel(worker, provider, answered);
  return model !== undefined && change(worker, provider, { model });
}

async function manageProvider(worker: Worker, name: string, said: Tested | null = null): Promise<void> {
  for (let tested: Tested | null = said; ; ) {
    const provider = await read(worker, name);
    if (!provider) return;
    const title = plainText(provider.title, 80);
    const rows = actionRows(provider, tested, language);
    const question =
      rows.length > 0 ? l10n.t('What shall be done?') : l10n.t('Nothing has to be set up here.');
    const action = await choose(title, question, rows, tested ? mendingAction(tested) : undefined);
    if (action === undefined) return;
    tested = (await actions[action as ProviderAction](worker, provider)) ?? null;
    if (action === 'remove') return;
  }
}

type Act = (worker: Worker, provider: ProviderInfo) => Promise<Tested | undefined>;

const actions: Readonly<Record<ProviderAction, Act>> = {
  test,
  key: async (worker, provider) => {
    await setApiKey(worker, provider.name);
    return undefined;
  },
  model: async (worker, provider) => {
    const model = await askModel(worker, provider, provider.config?.model ?? '');
    if (model !== undefined) await change(worker, provider, { model });
    return undefined;
  },
  address: async (worker, provider) => {
    const { kind, config } = provider;
    const text = await ask(provider, addressStep(language, kind === 'compatible', config?.baseUrl ?? ''));
    if (text !== undefined) await change(worker, provider, { baseUrl: text.trim() });
    return undefined;
  },
  time: async (worker, provider) => {
    const text = await ask(provider, timeStep(provider.config?.timeLimit, language));
    const timeLimit = text?.trim() ? Number(text) : undefined;
    if (text !== undefined) await change(worker, provider, { timeLimit });
    return undefined;
  },
  remove: async (worker, { name, title }) => {
    const sure = l10n.t('Remove what is set up of {0}, its key too?', plainText(title, 80));
    const yes = { label: `$(trash) ${l10n.t('Remove')}`, value: 'yes' };
    const answer = await choose(plainText(title, 80), sure, [yes, { label: l10n.t('Keep it'), value: 'no' }]);
    if (answer === 'yes') valueOrTell(await worker.send(removeProvider, { name }));
    return undefined;
  },
};

/** Tests a provider while that shows; nothing when it was left before the answer came. */
async function test(worker: Worker, { name, title, config }: ProviderInfo): Promise<Tested | undefined> {
  const text = l10n.t('{0} is asked for one short answer…', plainText(title, 80));
  const ended = await whileWaiting(l10n.t('Test Connection'), text, (left) =>
    worker.send(testProvider, { name, model: config?.model ?? '' }, left),
  );
  return ended && valueOrTell(ended);
}

/** Saves a provider with some fields changed; an empty one is left out. A key that was forgotten by it is asked for. */
async function change(
  worker: Worker,
  { name, kind, config, key }: ProviderInfo,
  changed: { readonly [K in keyof ProviderConfig]?: ProviderConfig[K] | undefined },
): Promise<boolean> {
  const fields = Object.entries({ ...(config ?? { name, kind }), ...changed });
  const parsed = ProviderConfig.safeParse(
    Object.fromEntries(fields.filter(([, value]) => value !== '' && value !== undefined)),
  );
  const fitting = valueOrTell(parsed.success ? good(parsed.data) : bad(fromIssues(parsed.error)));
  const saved = fitting && valueOrTell(await worker.send(saveProvider, { config: fitting }));
  if (saved && key === 'set' && saved.key !== 'set') await setApiKey(worker, name);
  return saved !== undefined;
}

function askModel(worker: Worker, provider: ProviderInfo, before: string): Promise<string | undefined> {
  const models: AskModels = (name) => worker.send(listModels, { name });
  return ask(provider, modelStep(provider, models, language), before);
}

function ask({ title }: ProviderInfo, step: Step, before?: string): Promise<string | undefined> {
  return askOnce(plainText(title, 80), step, before);
}

async function read(worker: Worker, name: string): Promise<ProviderInfo | undefined> {
  const listed = valueOrTell(await worker.send(listProviders, { look: true }));
  return listed?.providers.find((one) => one.name === name);
}
