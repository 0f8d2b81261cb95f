import { type ActFilter, ActOutcome } from '../../protocol/activity.ts';
import { type EffectKind, effectKinds } from '../../protocol/effect.ts';
import { failures } from '../../protocol/failure.ts';
import { Id } from '../../protocol/message.ts';
import { type Span, spanAt, type Today } from './calendar.ts';
import { actors, outcomes } from './words.ts';

interface Named {
  readonly word: string;
  readonly effects: readonly EffectKind[];
}

/** What was read of a question so far. */
export interface Reading {
  readonly wants: Named[];
  readonly does: Named[];
  readonly spans: Span[];
  readonly words: string[];
  readonly outcomes: ActOutcome[];
  readonly tools: string[];
  readonly fields: { actor?: ActFilter['actor']; job?: string; ability?: string };
}

/** Takes the value of a field; answers what is wrong with it. */
type TakeField = (value: string, reading: Reading, today: Today) => ReturnType<typeof wrong> | null;

const tool: TakeField = (value, { tools }) => {
  tools.push(value);
  return null;
};
const outcome: TakeField = (value, { outcomes: found }) => {
  const known = ActOutcome.safeParse(value.toLowerCase());
  const named = known.success ? [known.data] : meaning(outcomes, value.toLowerCase());
  if (!named) return wrong(`outcome:${value}`, `no outcome is called "${value}"`, ActOutcome.options);
  found.push(...named);
  return null;
};
const effect: TakeField = (value, { wants }) => {
  const known = effectKinds.find((kind) => kind === value.toLowerCase());
  if (!known) return wrong(`effect:${value}`, `no effect is called "${value}"`, effectKinds);
  wants.push({ word: `effect:${value}`, effects: [known] });
  return null;
};
const actor: TakeField = (value, reading) => {
  const known = meaning(actors, value.toLowerCase());
  if (!known) return wrong(`by:${value}`, `nobody here is called "${value}"`, ['person', 'agent', 'worker']);
  return setActor(reading, known);
};
const job: TakeField = (value, { fields: set }) => {
  if (!Id.safeParse(value).success) return wrong(`job:${value}`, `"${value}" is no id of a job`, []);
  if (set.job && set.job !== value) return never(`job:${set.job}`, `job:${value}`);
  set.job = value;
  return null;
};
const ability: TakeField = (value, { fields: set }) => {
  if (!Id.safeParse(value).success) return wrong(`ability:${value}`, `"${value}" is no id of an Ability`, []);
  if (set.ability && set.ability !== value) return never(`ability:${set.ability}`, `ability:${value}`);
  set.ability = value;
  return null;
};
const time =
  (word: string): TakeField =>
  (value, { spans }, today) => {
    const found = spanAt([word, ...value.toLowerCase().split(/[\s_]+/)], today);
    if (!found)
      return wrong(`${word}:${value}`, `"${value}" is no day`, ['2026-01-31', 'yesterday', 'monday']);
    spans.push(found.span);
    return null;
  };

/** What may be written as `key:value`, in either language. */
export const fields: Readonly<Record<string, TakeField>> = {
  tool,
  werkzeug: tool,
  outcome,
  ausgang: outcome,
  effect,
  wirkung: effect,
  by: actor,
  actor,
  von: actor,
  job,
  auftrag: job,
  ability,
  since: time('since'),
  seit: time('since'),
  until: time('until'),
  bis: time('until'),
};

/** Notes who did it; only one can have. */
export function setActor({ fields: set }: Reading, known: NonNullable<ActFilter['actor']>) {
  if (set.actor && set.actor !== known) return never(`by ${set.actor}`, `by ${known}`);
  set.actor = known;
  return null;
}

/** What a table of words says of one. */
export function meaning<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

function wrong(word: string, what: string, choices: readonly string[]) {
  const mend = choices.length > 0 ? `Write one of: ${choices.join(', ')}.` : 'Copy it from the log.';
  return failures.invalid('query', `"${word}": ${what}.`, mend);
}

/** Two wishes that no act fulfils at once. */
export function never(one: string, other: string) {
  return failures.invalid('query', `Nothing can be both "${one}" and "${other}".`, 'Leave one of them out.');
}
