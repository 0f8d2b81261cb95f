import { l10n, window } from 'vscode';
import {
  type Ability,
  type AbilityDraft,
  deleteAbility,
  readAbility,
  updateAbility,
} from '../server/protocol/ability.ts';
import type { Outcome } from '../server/protocol/failure.ts';
import { type AbilityChoices, abilitySteps } from './abilityForm.ts';
import { agentNames, pickAgents } from './agentPick.ts';
import { askStep } from './askStep.ts';
import { goalOf, mendTarget, offerAccount } from './connectAccount.ts';
import { deliverableWords } from './deliverableWords.ts';
import { language } from './language.ts';
import { readChoices, tellRefused } from './newAbility.ts';
import { plainText } from './plainText.ts';
import type { PromptFiles } from './promptFiles.ts';
import { askChain } from './setFallbacks.ts';
import { answersOfConfig, configOf, moreKey } from './targetSteps.ts';
import { valueOrTell } from './tell.ts';
import { type Answers, fillIn, type Step } from './wizard.ts';
import type { Worker } from './worker.ts';

/** Lets a person choose a field of an Ability and change it, as it is now; the prompt opens as a document. */
export async function editAbility(worker: Worker, prompts: PromptFiles, { id }: Ability): Promise<void> {
  const [choices, read] = await Promise.all([readChoices(worker), worker.send(readAbility, { id })]);
  const ability = valueOrTell(read);
  if (!choices || !ability) return;
  const picked = await window.showQuickPick(fieldRows(ability), {
    title: l10n.t('Butler: Edit {0}', plainText(ability.name, 80)),
    placeHolder: l10n.t('What shall change?'),
  });
  if (!picked) return;
  const { field } = picked;
  if (field === 'prompt') return prompts.open(ability);
  if (field === 'account') return mendTarget(worker, goalOf(ability));
  const changed = await changedIn(worker, field, ability, choices);
  if (changed && field === 'target') await offerAccount(worker, goalOf(changed));
}

/** Asks once more, then deletes an Ability; says whether it did. */
export async function removeAbility(worker: Worker, ability: Ability): Promise<boolean> {
  const yes = l10n.t('Delete');
  const asked = l10n.t('Delete the Ability "{0}"?', plainText(ability.name, 80));
  const detail = l10n.t('Its sessions and deliverables stay.');
  if ((await window.showWarningMessage(asked, { modal: true, detail }, yes)) !== yes) return false;
  return valueOrTell(await worker.send(deleteAbility, { id: ability.id })) !== undefined;
}

type Field =
  | 'name'
  | 'description'
  | 'deliverable'
  | 'provider'
  | 'fallbacks'
  | 'agents'
  | 'target'
  | 'account'
  | 'prompt';
/** The fields that the questions of the wizard change. */
type AskedField = Exclude<Field, 'prompt' | 'account' | 'fallbacks' | 'agents'>;

function fieldRows(ability: Ability) {
  const shown: Record<Field, [string, string]> = {
    name: [l10n.t('Name'), ability.name],
    description: [l10n.t('Description'), ability.description],
    deliverable: [l10n.t('Deliverable'), deliverableWords(ability.deliverable, language)],
    provider: [l10n.t('Provider and model'), [ability.provider, ability.model].join(' ').trim()],
    fallbacks: [l10n.t('Fallbacks'), fallbackWords(ability)],
    agents: [l10n.t('Specialists'), agentNames(ability)],
    target: [l10n.t('Target'), `${ability.target.type} ${JSON.stringify(ability.target.config)}`],
    account: [l10n.t('Account and connection'), l10n.t('connect or check where it publishes to')],
    prompt: [l10n.t('Prompt'), ability.prompt],
  };
  return (Object.keys(shown) as Field[]).map((field) => {
    const [label, description] = shown[field];
    return { label, description: plainText(description, 80), field };
  });
}

async function changedIn(
  worker: Worker,
  field: Exclude<Field, 'prompt' | 'account'>,
  ability: Ability,
  choices: AbilityChoices,
): Promise<Ability | undefined> {
  const send = (change: Partial<AbilityDraft>) => worker.send(updateAbility, { id: ability.id, change });
  if (field !== 'fallbacks' && field !== 'agents') return askChange(field, ability, choices, send);
  const change =
    field === 'fallbacks' ? await askFallbacks(worker, ability) : await askAgents(worker, ability);
  return change && valueOrTell(await send(change));
}

async function askAgents(worker: Worker, ability: Ability): Promise<Partial<AbilityDraft> | undefined> {
  const agents = await pickAgents(worker, ability);
  return agents && { agents };
}

/** The questions that change each field, by the keys of the wizard for a new Ability. */
const keysOf: Record<Exclude<AskedField, 'description'>, readonly string[]> = {
  name: ['name'],
  deliverable: ['deliverable', 'custom'],
  provider: ['provider', 'model'],
  target: ['target', moreKey],
};

function askChange(
  field: AskedField,
  ability: Ability,
  choices: AbilityChoices,
  send: (change: Partial<AbilityDraft>) => Promise<Outcome<Ability>>,
): Promise<Ability | undefined> {
  const ask = askStep(l10n.t('Edit {0}', plainText(ability.name, 80)));
  const steps = (answers: Answers): Step[] => {
    if (field === 'description') return [descriptionStep()];
    const all = abilitySteps(choices, answers, language);
    const ours = (key: string) =>
      keysOf[field].includes(key) || (field === 'target' && key.startsWith('target.'));
    return all.filter(({ key }) => ours(key));
  };
  const take = (answers: Answers) => send(changeOf(field, answers, choices, ability));
  return fillIn({ steps, ask, take, refused: tellRefused }, answersOf(ability, choices));
}

function fallbackWords({ fallbacks }: Ability): string {
  if (!fallbacks) return l10n.t('As set for all Abilities');
  if (fallbacks.length === 0) return l10n.t('Nowhere else');
  return fallbacks.map(({ provider, model }) => [provider, model].join(' ').trim()).join(', ');
}

async function askFallbacks(
  worker: Worker,
  { name, fallbacks = [] }: Ability,
): Promise<Partial<AbilityDraft> | undefined> {
  const title = l10n.t('Edit {0}', plainText(name, 80));
  const question = l10n.t('Where shall its jobs go on when its own provider does not answer?');
  const chosen = await askChain(worker, { title, question }, fallbacks);
  return chosen && { fallbacks: chosen };
}

function descriptionStep(): Step {
  const wrong = (text: string) => (text.length > 500 ? l10n.t('At most 500 characters fit.') : null);
  return { kind: 'text', key: 'description', question: l10n.t('What is it for, in a sentence?'), wrong };
}

function answersOf(
  { name, description, deliverable, provider, model, target }: Ability,
  choices: AbilityChoices,
) {
  const info = choices.targets.find((one) => one.name === target.type);
  return {
    name,
    description,
    deliverable,
    provider,
    model,
    target: target.type,
    ...(info ? answersOfConfig(info, target.config) : {}),
  };
}

function changeOf(
  field: AskedField,
  answers: Answers,
  { targets }: AbilityChoices,
  { target: before }: Ability,
): Partial<AbilityDraft> {
  const target = targets.find(({ name }) => name === answers.target);
  const kept = before.type === answers.target ? before.config : {};
  const changes: Record<typeof field, () => Partial<AbilityDraft>> = {
    name: () => ({ name: answers.name ?? '' }),
    description: () => ({ description: answers.description ?? '' }),
    deliverable: () => ({ deliverable: answers.custom ?? answers.deliverable ?? '' }),
    provider: () => ({ provider: answers.provider ?? '', model: answers.model ?? '' }),
    target: () => ({
      target: { type: answers.target ?? '', config: target ? configOf(target, answers, kept) : {} },
    }),
  };
  return changes[field]();
}
