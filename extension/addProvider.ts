import { l10n } from 'vscode';
import { listAbilities, updateAbility } from '../server/protocol/ability.ts';
import { listProviders, type ProviderInfo, saveProvider } from '../server/protocol/provider.ts';
import { keepKey } from './apiKey.ts';
import { askStep, choose } from './askStep.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import { type NewProvider, providerOf, providerSteps } from './providerForm.ts';
import { valueOrTell } from './tell.ts';
import { type Answers, runWizard } from './wizard.ts';
import type { Worker } from './worker.ts';

/**
 * Asks step by step for what is not given of a provider and sets it up; its name, or `undefined` when it was
 * broken off or refused.
 */
export async function askNewProvider(worker: Worker, given: Answers = {}): Promise<string | undefined> {
  const listed = valueOrTell(await worker.send(listProviders, { look: true }));
  if (!listed) return undefined;
  const choices = { providers: listed.providers, now: Date.now() };
  const steps = (answers: Answers) =>
    providerSteps(choices, { ...given, ...answers }, language).filter(({ key }) => given[key] === undefined);
  const answers = await runWizard(steps, askStep(l10n.t('Add a Provider')));
  if (!answers) return undefined;
  const described = valueOrTell(providerOf(listed.providers, { ...given, ...answers }));
  return described && (await setUp(worker, described)) ? described.name : undefined;
}

/** Offers that the Ability which is always there works with a new provider, where it works without any so far. */
export async function offerToButler(worker: Worker, { name, title }: ProviderInfo): Promise<void> {
  const listed = await worker.send(listAbilities, {});
  const butler = listed.ok ? listed.value.abilities.find(({ id }) => id === 'butler') : undefined;
  if (!butler || butler.origin === 'workspace' || butler.provider !== 'offline') return;
  const who = plainText(title, 80);
  const question = l10n.t(
    '{0} answers. Shall the Ability "{1}" work with it?',
    who,
    plainText(butler.name, 80),
  );
  const answer = await choose(l10n.t('Add a Provider'), question, [
    { label: l10n.t('Yes'), description: l10n.t('it then answers whatever you ask'), value: 'yes' },
    { label: l10n.t('No'), description: l10n.t('I choose for each Ability'), value: 'no' },
  ]);
  if (answer !== 'yes') return;
  valueOrTell(await worker.send(updateAbility, { id: butler.id, change: { provider: name, model: '' } }));
}

async function setUp(worker: Worker, { name, config, key }: NewProvider): Promise<boolean> {
  if (config && valueOrTell(await worker.send(saveProvider, { config })) === undefined) return false;
  return key === '' || keepKey(worker, name, key);
}
