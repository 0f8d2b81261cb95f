import type { AbilityDraft } from '../server/protocol/ability.ts';
import type { TargetInfo } from '../server/protocol/target.ts';
import { plainText } from './plainText.ts';
import {
  configOfValues,
  type TargetField,
  targetFields,
  textOfField,
  valueOfField,
  wrongInField,
} from './targetFields.ts';
import type { Translate } from './translate.ts';
import type { Answers, Choice, Step } from './wizard.ts';

type Config = AbilityDraft['target']['config'];

/** The question whether to go through the fields that may stay as they are. */
export const moreKey = 'targetMore';
/** So many of them are asked without that question. */
const fewFields = 3;

/** The questions for a target's config: what it must know, and the rest where the person wants to. */
export function targetSteps({ name, config }: TargetInfo, answers: Answers, t: Translate): Step[] {
  const fields = targetFields(config).map((field) => ({
    ...field,
    title: t.said(field.title),
    about: t.said(field.about),
  }));
  const needed = fields.filter(({ required }) => required);
  const rest = fields.filter(({ required }) => !required);
  const steps = (some: readonly TargetField[]) =>
    some.map((field) => fieldStep(keyOf(name, field), field, t));
  if (rest.length <= fewFields) return steps(fields);
  return [...steps(needed), moreStep(rest, t), ...(answers[moreKey] === 'yes' ? steps(rest) : [])];
}

/**
 * The target's config from the answers; a field left empty is left out, one that was not asked for stays as it was
 * `before`.
 */
export function configOf({ name, config }: TargetInfo, answers: Answers, before: Config = {}): Config {
  return configOfValues(
    targetFields(config).map((field) => {
      const text = answers[keyOf(name, field)] ?? textOfField(field, before);
      return [field, valueOfField(field, text)] as const;
    }),
  );
}

/** The answers that a config stands for. */
export function answersOfConfig({ name, config: schema }: TargetInfo, config: Config): Answers {
  const entries = targetFields(schema).map(
    (field) => [keyOf(name, field), textOfField(field, config)] as const,
  );
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}

/** The key of the question that a fault is about, by the field that the fault names. */
export function keyAtFault(field: string | undefined, { target = '' }: Answers): string | undefined {
  return field?.replace(/^(draft|change)\./, '').replace(/^target\.config/, `target.${target}`);
}

/** Fields of one name mean something else to each target, so that no answer is taken over by another target. */
function keyOf(target: string, { name }: Pick<TargetField, 'name'>): string {
  return `target.${target}.${name}`;
}

function moreStep(rest: readonly TargetField[], t: Translate): Step {
  const names = rest.map(({ title }) => title).join(', ');
  return {
    kind: 'pick',
    key: moreKey,
    question: t('Shall anything else be set? It works as it is'),
    choices: [
      { label: t('Leave the rest as it is'), value: 'no' },
      { label: t('Set more…'), detail: plainText(names), value: 'yes' },
    ],
  };
}

/** The question for one field of a target. */
function fieldStep(key: string, field: TargetField, t: Translate): Step {
  const { title, about, required, preset } = field;
  const question = about ? `${title}: ${about}` : title;
  const wrong = (text: string) => wrongInField(field, text, t);
  if (field.choices.length > 0) {
    const rows = field.choices.map((value): Choice => ({ label: valueWords(field, value, t), value }));
    const byItself: Choice = {
      label: t('As the target does by itself'),
      ...(preset === '' ? {} : { description: valueWords(field, preset, t) }),
      value: '',
    };
    if (field.type === 'list') return { kind: 'many', key, question, choices: rows, needed: required };
    return { kind: 'pick', key, question, choices: required ? rows : [byItself, ...rows] };
  }
  const hint = hintOf(field, t);
  return { kind: 'text', key, question, value: preset, ...(hint === '' ? {} : { hint }), wrong };
}

function hintOf({ required, type }: TargetField, t: Translate): string {
  if (type === 'list') return t('Several, with commas between them');
  return required ? '' : t('May stay empty');
}

function valueWords({ type }: TargetField, value: string, t: Translate): string {
  if (type !== 'boolean') return value;
  return value === 'true' ? t('Yes') : t('No');
}
