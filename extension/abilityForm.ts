import path from 'node:path';
import { AbilityDraft, DeliverableType, deliverableTypes } from '../server/protocol/ability.ts';
import { bad, fromIssues, good, type Outcome } from '../server/protocol/failure.ts';
import type { ProviderInfo } from '../server/protocol/provider.ts';
import type { TargetInfo } from '../server/protocol/target.ts';
import { providerLook } from './connectionWords.ts';
import { deliverableIcon } from './deliverableIcon.ts';
import { deliverableWords } from './deliverableWords.ts';
import { choosable } from './fallbackChain.ts';
import { type AskModels, modelStep } from './modelForm.ts';
import { plainText } from './plainText.ts';
import { configOf, targetSteps } from './targetSteps.ts';
import type { Translate } from './translate.ts';
import type { Answers, Choice, Step } from './wizard.ts';

/** What there is to choose from for an Ability. */
export interface AbilityChoices {
  readonly providers: readonly ProviderInfo[];
  readonly targets: readonly TargetInfo[];
  readonly models: AskModels;
  /** In ms since 1970, to tell limits that are over. */
  readonly now: number;
  /** Absolute paths of the open workspace folders. */
  readonly workspaces: readonly string[];
}

/** What a person decided about a new Ability, and in whose keeping. */
export interface NewAbility {
  readonly draft: AbilityDraft;
  readonly workspace: string | undefined;
}

/** The row that asks for a word of one's own. */
const other = '+';
const everywhere = 'user';
/** The row for no other provider. */
const nowhere = '-';

/** The questions about an Ability, worked out from the answers given so far. */
export function abilitySteps(choices: AbilityChoices, answers: Answers, t: Translate): Step[] {
  const { providers, targets, workspaces } = choices;
  const provider = providers.find(({ name }) => name === answers.provider);
  const target = targets.find(({ name }) => name === answers.target);
  return [
    nameStep(t),
    { kind: 'pick', key: 'deliverable', question: t('What does it deliver?'), choices: deliverables(t) },
    ...(answers.deliverable === other ? [customStep(t)] : []),
    {
      kind: 'pick',
      key: 'provider',
      question: t('Who does the thinking?'),
      choices: providerChoices(providers, choices.now, t),
    },
    ...(provider && provider.kind !== 'offline'
      ? [modelStep(provider, choices.models, t), fallbackStep(provider, providers, t)]
      : []),
    {
      kind: 'pick',
      key: 'target',
      question: t('Where does the deliverable go?'),
      choices: targets.map((one) => targetRow(one, t)),
    },
    ...(target ? targetSteps(target, answers, t) : []),
    promptStep(t),
    { kind: 'pick', key: 'place', question: t('Where shall it be kept?'), choices: places(workspaces, t) },
  ];
}

/** The Ability that the answers describe. */
export function abilityOf(choices: AbilityChoices, answers: Answers): Outcome<NewAbility> {
  const target = choices.targets.find(({ name }) => name === answers.target);
  const place = answers.place ?? everywhere;
  const parsed = AbilityDraft.safeParse({
    name: answers.name,
    deliverable: answers.deliverable === other ? answers.custom : answers.deliverable,
    provider: answers.provider,
    model: answers.model ?? '',
    prompt: answers.prompt ?? '',
    target: { type: answers.target, config: target ? configOf(target, answers) : {} },
    ...fallbacksOf(answers.fallback),
  });
  if (!parsed.success) return bad(fromIssues(parsed.error));
  return good({ draft: parsed.data, workspace: place === everywhere ? undefined : place });
}

function nameStep(t: Translate): Step {
  const wrong = (text: string) => {
    if (text.trim() === '') return t('A name is needed.');
    return text.length > 80 ? t('A name has at most 80 characters.') : null;
  };
  return { kind: 'text', key: 'name', question: t('What is it called?'), hint: t('Site from README'), wrong };
}

function customStep(t: Translate): Step {
  const wrong = (text: string) =>
    DeliverableType.safeParse(text).success ? null : t('A lower-case word, such as spreadsheet.');
  return { kind: 'text', key: 'custom', question: t('What does it deliver, in one word?'), wrong };
}

/** The one place to go on at is chosen here; more of them, in an order, where the Ability is edited. */
function fallbackStep({ name }: ProviderInfo, providers: readonly ProviderInfo[], t: Translate): Step {
  const others = choosable(providers).filter((one) => one.name !== name);
  return {
    kind: 'pick',
    key: 'fallback',
    question: t('Where shall its jobs go on when that does not answer?'),
    choices: [
      { label: t('As set for all Abilities'), value: '' },
      { label: t('Nowhere else'), value: nowhere },
      ...others.map(({ name: value, title }): Choice => ({ label: plainText(title, 80), value })),
    ],
  };
}

function fallbacksOf(answer = ''): Pick<AbilityDraft, 'fallbacks'> {
  if (answer === '') return {};
  return { fallbacks: answer === nowhere ? [] : [{ provider: answer, model: '' }] };
}

function promptStep(t: Translate): Step {
  const wrong = (text: string) =>
    text.length > 20_000 ? t('That is too long; 20,000 characters fit.') : null;
  const question = t('How shall it work? You can leave this empty and write it later.');
  return { kind: 'text', key: 'prompt', question, wrong };
}

function deliverables(t: Translate): Choice[] {
  const rows = deliverableTypes.map(
    (value): Choice => ({ label: `$(${deliverableIcon(value)}) ${deliverableWords(value, t)}`, value }),
  );
  return [...rows, { label: `$(add) ${t('Something else…')}`, value: other }];
}

/** Those that can be used come first. */
function providerChoices(providers: readonly ProviderInfo[], now: number, t: Translate): Choice[] {
  const row = (provider: ProviderInfo, group: string): Choice => {
    const { icon, words } = providerLook(provider, t, now);
    const { name, title, about } = provider;
    return {
      label: `$(${icon}) ${plainText(title, 80)}`,
      description: words,
      detail: plainText(t.said(about)),
      value: name,
      group,
    };
  };
  return [
    ...providers.filter(({ ready }) => ready).map((one) => row(one, t('Ready'))),
    ...providers.filter(({ ready }) => !ready).map((one) => row(one, t('To be set up'))),
  ];
}

function targetRow({ name, title, about }: TargetInfo, t: Translate): Choice {
  return { label: t.said(title), detail: t.said(about), value: name };
}

function places(workspaces: readonly string[], t: Translate): Choice[] {
  const mine = { label: `$(account) ${t('For me, in every workspace')}`, value: everywhere };
  const shared = workspaces.map((folder) => ({
    label: `$(organization) ${t('In {0}, for the team', path.basename(folder))}`,
    description: plainText(path.join(folder, '.butler', 'abilities.json'), 160),
    value: folder,
  }));
  return [mine, ...shared];
}
