import type { Budget, Limits } from '../server/protocol/cost.ts';
import { countWords, moneyWords } from './costWords.ts';
import type { Translate } from './translate.ts';
import type { Choice, Step } from './wizard.ts';

/** One limit of the budget, as `job.usd`. */
export type BudgetKey = `job.${keyof Limits}` | `day.${'usd' | 'tokens'}`;

/** Every limit, in the order in which a person reads them. */
export const budgetKeys = [
  'job.usd',
  'job.tokens',
  'job.rounds',
  'job.minutes',
  'day.usd',
  'day.tokens',
] as const satisfies readonly BudgetKey[];

/** The limits with what they stand at. */
export function budgetRows(budget: Budget, t: Translate): Choice[] {
  return budgetKeys.map((key) => ({
    label: `$(${icons[partOf(key)]}) ${labelOf(key, t)}`,
    description: limitWords(key, limitAt(budget, key), t),
    value: key,
    group: key.startsWith('job.') ? t('One job, with its specialists') : t('All jobs of a day'),
  }));
}

/** The question for one limit. */
export function limitStep(key: BudgetKey, budget: Budget, t: Translate): Step {
  return {
    kind: 'text',
    key: 'limit',
    question: t('{0}: at this limit you are asked before more is spent', labelOf(key, t)),
    hint: t('Empty means no limit'),
    value: String(limitAt(budget, key) ?? ''),
    wrong: (text) => wrongInLimit(key, text, t),
  };
}

/** The budget with one limit changed to what a person typed, which fits. */
export function withLimit({ job, day }: Budget, key: BudgetKey, text: string): Budget {
  const part = partOf(key);
  const value = text.trim() === '' ? null : numberIn(text);
  return key.startsWith('job.')
    ? { job: { ...job, [part]: value }, day }
    : { job, day: { ...day, [part]: value } };
}

const icons: Readonly<Record<keyof Limits, string>> = {
  usd: 'credit-card',
  tokens: 'symbol-number',
  rounds: 'sync',
  minutes: 'watch',
};

function partOf(key: BudgetKey): keyof Limits {
  return key.slice(key.indexOf('.') + 1) as keyof Limits;
}

function limitAt({ job, day }: Budget, key: BudgetKey): number | null {
  const limits: Partial<Limits> = key.startsWith('job.') ? job : day;
  return limits[partOf(key)] ?? null;
}

function labelOf(key: BudgetKey, t: Translate): string {
  const labels: Record<keyof Limits, () => string> = {
    usd: () => t('US dollars'),
    tokens: () => t('Tokens'),
    rounds: () => t('Rounds'),
    minutes: () => t('Minutes of work'),
  };
  return labels[partOf(key)]();
}

function limitWords(key: BudgetKey, limit: number | null, t: Translate): string {
  if (limit === null) return t('no limit');
  return partOf(key) === 'usd' ? moneyWords(limit) : countWords(limit);
}

function wrongInLimit(key: BudgetKey, text: string, t: Translate): string | null {
  if (text.trim() === '') return null;
  const value = numberIn(text);
  if (!Number.isFinite(value) || value <= 0) return t('A number above 0, or empty for no limit.');
  const whole = ['tokens', 'rounds'].includes(partOf(key));
  return whole && !Number.isSafeInteger(value) ? t('A whole number, or empty for no limit.') : null;
}

/** Takes a decimal comma too, and blanks between digits; anything else is no number. */
function numberIn(text: string): number {
  const digits = text.trim().replaceAll(/[\s_]/g, '');
  return /^\d+([.,]\d{1,2})?$/.test(digits) ? Number(digits.replace(',', '.')) : Number.NaN;
}
