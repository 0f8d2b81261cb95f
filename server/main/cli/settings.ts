import { updateAbility } from '../../core/abilities.ts';
import { saveSettings } from '../../core/settings.ts';
import type { Budget } from '../../protocol/cost.ts';
import { bad, failures, fromIssues, good, type Outcome } from '../../protocol/failure.ts';
import type { ModelChoice } from '../../protocol/provider.ts';
import { defaultUndo, Settings } from '../../protocol/settings.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

/** Shows the settings that all Abilities share. */
export function show(options: CommonOptions): Promise<number> {
  return withButler(options, async ({ store }) => {
    tell(options, await store.settings());
    return exitCodes.done;
  });
}

/** Changes one setting, named as `show` names it. */
export function set(options: CommonOptions, [name = '', ...values]: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const change = changeOf(await butler.store.settings(), name, values);
    if (!change.ok) return tellFailure(options, change.failure);
    const saved = await saveSettings(butler, change.value, actor);
    if (!saved.ok) return tellFailure(options, saved.failure);
    tell(options, saved.value);
    return exitCodes.done;
  });
}

/** Lets an Ability get its answers from a provider, where it is kept. */
export function use(options: CommonOptions, [id = '', given = '']: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const updated = await updateAbility(butler, { id, change: choiceOf(given) }, actor);
    if (!updated.ok) return tellFailure(options, updated.failure);
    if (options.json) printJson(updated.value);
    else printLine(`"${updated.value.name}" gets its answers from ${given}.`);
    return exitCodes.done;
  });
}

function tell(options: CommonOptions, settings: Settings): void {
  if (options.json) {
    printJson(settings);
    return;
  }
  const { fallbacks, cloudFallback, fast, budget } = settings;
  printTable([
    ['fallbacks', fallbacks.map(wordsOf).join(' ') || 'none'],
    ['cloud-fallback', cloudFallback ? 'on' : 'off'],
    ['fast', fast ? wordsOf(fast) : 'none'],
    ['undo.megabytes', String((settings.undo ?? defaultUndo).megabytes)],
    ...limits(budget).map(([scope, name, value]) => [`budget.${scope}.${name}`, String(value ?? 'none')]),
  ]);
}

function limits({
  job,
  day,
}: Budget): (readonly [scope: keyof Budget, name: string, value: number | null])[] {
  return [
    ...Object.entries(job).map(([name, value]) => ['job', name, value] as const),
    ...Object.entries(day).map(([name, value]) => ['day', name, value] as const),
  ];
}

/** What follows from `set <name> <values…>`, checked by the schema of the settings. */
function changeOf(before: Settings, name: string, values: readonly string[]): Outcome<Partial<Settings>> {
  const change = rawChange(before, name, values);
  if (!change) {
    const names = limits(before.budget).map(([scope, limit]) => `budget.${scope}.${limit}`);
    const mend = `Settings: fallbacks, cloud-fallback, fast, undo.megabytes, ${names.join(', ')}.`;
    return bad(failures.invalid('name', `There is no setting "${name}".`, mend));
  }
  const parsed = Settings.partial().safeParse(change);
  return parsed.success ? good(change as Partial<Settings>) : bad(fromIssues(parsed.error));
}

function rawChange(before: Settings, name: string, [first = '', ...rest]: readonly string[]): object | null {
  const none = first === '' || first === 'none';
  if (name === 'fallbacks') return { fallbacks: none ? [] : [first, ...rest].map(choiceOf) };
  if (name === 'fast') return { fast: none ? null : choiceOf(first) };
  if (name === 'cloud-fallback') return { cloudFallback: switches[first] ?? first };
  if (name === 'undo.megabytes') return { undo: { megabytes: none ? Number.NaN : Number(first) } };
  const found = limits(before.budget).find(([scope, limit]) => name === `budget.${scope}.${limit}`);
  if (!found) return null;
  const [scope, limit] = found;
  const value = none ? null : Number(first);
  return { budget: { ...before.budget, [scope]: { ...before.budget[scope], [limit]: value } } };
}

const switches: Readonly<Record<string, boolean>> = { on: true, off: false };

/** `provider` or `provider:model`, where the model may hold more colons. */
function choiceOf(text: string): ModelChoice {
  const at = text.indexOf(':');
  return at < 0 ? { provider: text, model: '' } : { provider: text.slice(0, at), model: text.slice(at + 1) };
}

function wordsOf({ provider, model }: ModelChoice): string {
  return model ? `${provider}:${model}` : provider;
}
