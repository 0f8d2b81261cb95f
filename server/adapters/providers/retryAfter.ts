import type { HeaderOf, Refusal } from './refusal.ts';

/**
 * When a limit ends, wherever a service says it: https://platform.openai.com/docs/guides/rate-limits,
 * https://platform.claude.com/docs/en/api/rate-limits, https://console.groq.com/docs/rate-limits,
 * https://openrouter.ai/docs/api/reference/limits, https://ai.google.dev/gemini-api/docs/troubleshooting
 */
export function retryAfter(
  { header, body }: Pick<Refusal, 'header' | 'body'>,
  now: number,
): number | undefined {
  const within = headerWithin(body);
  const named: HeaderOf = (name) => header(name)?.trim() || within(name);
  const ms = named('retry-after-ms');
  const after = named('retry-after');
  return (
    (ms === null ? undefined : momentOf(now + Number(ms))) ??
    (after === null
      ? undefined
      : momentOf(isNumber(after) ? now + Number(after) * 1000 : Date.parse(after))) ??
    afterPause(/"retryDelay"\s*:\s*"([\d.]+s)"/.exec(body), now) ??
    afterPause(inWords.exec(body), now) ??
    endOfLimits(named, now)
  );
}

/** A moment that a service names, in whole ms since 1970; nothing where it is none. */
function momentOf(time: number): number | undefined {
  return Number.isNaN(new Date(time).getTime()) ? undefined : Math.max(0, Math.ceil(time));
}

/** A router puts the headers of the service behind it into its error. */
function headerWithin(body: string): HeaderOf {
  return (name) => new RegExp(`"${name}"\\s*:\\s*"([^"]{1,64})"`, 'i').exec(body)?.[1]?.trim() || null;
}

/** As "try again in 6m15.84s" and "retry after 26 seconds". */
const inWords =
  /\b(?:try again|retry) (?:in|after) ((?:[\d.]+ ?(?:milliseconds?|ms|hours?|h|minutes?|m|seconds?|s) ?)+)/i;

function afterPause(said: RegExpExecArray | null, now: number): number | undefined {
  return said?.[1] === undefined ? undefined : momentOf(now + lengthOf(said[1]));
}

/** A length of time as "6m0s", "120ms" or "26 seconds", in ms. */
function lengthOf(words: string): number {
  const parts = [...words.matchAll(/([\d.]+) ?(milli|ms|h|m|s)/gi)];
  return parts.reduce((sum, [, much, unit = '']) => sum + Number(much) * (units[unit.toLowerCase()] ?? 0), 0);
}

const units: Readonly<Record<string, number>> = { milli: 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The limits that services count by: the header of what is left, and that of when it is full again. */
const limits: readonly (readonly [left: string, reset: string])[] = [
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ...['requests', 'tokens', 'project-tokens'].map(
    (one) => [`x-ratelimit-remaining-${one}`, `x-ratelimit-reset-${one}`] as const,
  ),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map(
    (one) => [`anthropic-ratelimit-${one}-remaining`, `anthropic-ratelimit-${one}-reset`] as const,
  ),
];

/** When the last of the limits ends that are used up; the others say nothing of when a request is taken again. */
function endOfLimits(named: HeaderOf, now: number): number | undefined {
  const ends = limits.flatMap(([left, reset]) => {
    const end = Number(named(left) ?? 1) === 0 ? named(reset) : null;
    return (end === null ? undefined : endOf(end, now)) ?? [];
  });
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** A moment as ms or seconds since 1970, seconds from now, a length of time, or a date. */
function endOf(end: string, now: number): number | undefined {
  if (isNumber(end)) {
    const number = Number(end);
    return momentOf(number >= 1e12 ? number : number >= 1e9 ? number * 1000 : now + number * 1000);
  }
  return momentOf(/^([\d.]+(ms|h|m|s))+$/.test(end) ? now + lengthOf(end) : Date.parse(end));
}

function isNumber(text: string): boolean {
  return text !== '' && !Number.isNaN(Number(text));
}
