const minute = 60_000;

/** A length of time for a person: `0.4 s`, `12 s`, `3 min 05 s`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 10_000) return `${(Math.round(ms / 100) / 10).toFixed(1)} s`;
  if (ms < minute) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** Time left, as a clock shows it: `4:09`. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A size for a person: `812 B`, `4.2 KB`, `1.3 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A count with its thousands apart, in the language of the page. */
export function count(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

/** US dollars, with the small ones to the hundredth of a cent: `$1.24`, `$0.0031`. */
export function money(usd: number, language: string): string {
  const digits = usd !== 0 && usd < 0.1 ? 4 : 2;
  const format = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const;
  return new Intl.NumberFormat(language, { ...format, maximumFractionDigits: digits }).format(usd);
}

/** Hours and minutes of a moment, in the language of the page. */
export function clockTime(time: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(time);
}

/** How long ago a moment was, in few words and in the language of the page. */
export function ago(time: number, now: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const past = Math.max(0, now - time);
  const [unit, length] = steps.find(([, , most]) => past < most) ?? yearly;
  return format.format(-Math.floor(past / length), unit);
}

type Step = readonly [unit: Intl.RelativeTimeFormatUnit, length: number, most: number];
const hour = 60 * minute;
const day = 24 * hour;
const yearly: Step = ['year', 365 * day, Number.POSITIVE_INFINITY];
const steps: readonly Step[] = [
  ['minute', minute, hour],
  ['hour', hour, day],
  ['day', day, 30 * day],
  ['month', 30 * day, 365 * day],
];
