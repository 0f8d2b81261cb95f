import { l10n } from 'vscode';
import {
  findLeaving,
  listModels,
  listProviders,
  type ModelChoice,
  type ProviderInfo,
} from '../server/protocol/provider.ts';
import { readSettings, saveSettings } from '../server/protocol/settings.ts';
import { askOnce, choose } from './askStep.ts';
import { pickChain } from './chainPick.ts';
import { choosable, type FallbackChain, namesOf } from './fallbackChain.ts';
import { language } from './language.ts';
import { modelStep } from './modelForm.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** Lets a person choose where jobs go on when their own provider does not answer, for all Abilities. */
export async function setFallbacks(worker: Worker): Promise<void> {
  const title = l10n.t('Set Fallbacks');
  const question = l10n.t('Where shall a job go on when its own provider does not answer?');
  const settings = valueOrTell(await worker.send(readSettings, {}));
  const fallbacks = settings && (await askChain(worker, { title, question }, settings.fallbacks));
  if (fallbacks) valueOrTell(await worker.send(saveSettings, { change: { fallbacks } }));
}

/**
 * Asks for a chain and, where by it something that was on this machine would leave it, for the person's consent
 * to that; `undefined` when it was broken off.
 */
export async function askChain(
  worker: Worker,
  words: { readonly title: string; readonly question: string },
  before: FallbackChain,
): Promise<ModelChoice[] | undefined> {
  const listed = valueOrTell(await worker.send(listProviders, { look: true }));
  if (!listed) return undefined;
  const { providers } = listed;
  const model = (choice: ModelChoice) => askModel(worker, providers, choice);
  const chain = await pickChain({ ...words, providers, model }, before);
  if (!chain || !(await askConsent(worker, chain, providers))) return undefined;
  return [...chain];
}

async function askModel(
  worker: Worker,
  providers: readonly ProviderInfo[],
  { provider: name, model }: ModelChoice,
): Promise<string | undefined> {
  const provider = providers.find((one) => one.name === name);
  if (!provider) return undefined;
  const step = modelStep(provider, (asked) => worker.send(listModels, { name: asked }), language);
  return askOnce(plainText(provider.title, 80), step, model);
}

/** Keeps what the person says of jobs that stay on this machine otherwise; says whether it was answered. */
async function askConsent(
  worker: Worker,
  chain: FallbackChain,
  providers: readonly ProviderInfo[],
): Promise<boolean> {
  const staying = choosable(providers).filter(({ local }) => local);
  const found = valueOrTell(await worker.send(findLeaving, { fallbacks: [...chain] }));
  const settings = valueOrTell(await worker.send(readSettings, {}));
  if (!found || !settings) return false;
  if (staying.length === 0 || found.leaving.length === 0) return true;
  const list = (names: readonly string[]) => names.map((name) => plainText(name, 80)).join(', ');
  const stayingNames = list(staying.map(({ title }) => title));
  const question = l10n.t('When {0} does not answer: may such a job leave this machine?', stayingNames);
  const answer = await choose(
    l10n.t('Set Fallbacks'),
    question,
    consents(list(namesOf(found.leaving, providers)), settings.cloudFallback),
  );
  if (answer === undefined) return false;
  const change = { cloudFallback: answer === 'cloud' };
  return valueOrTell(await worker.send(saveSettings, { change })) !== undefined;
}

function consents(leaving: string, allowed: boolean) {
  const now = l10n.t('as it is now');
  return [
    {
      label: `$(home) ${l10n.t('No, it stays here and waits')}`,
      ...(allowed ? {} : { description: now }),
      detail: l10n.t('What it read of your files is sent nowhere.'),
      value: 'here',
    },
    {
      label: `$(cloud-upload) ${l10n.t('Yes, it may go on in the cloud')}`,
      ...(allowed ? { description: now } : {}),
      detail: l10n.t('Your words and what it read of your files are then sent to: {0}', leaving),
      value: 'cloud',
    },
  ];
}
