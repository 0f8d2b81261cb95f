import { numbers, units, weekdays } from './words.ts';

/** The day and the moment of a question, and the calendar of the place where it is asked. */
export interface Today {
  readonly now: number;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** When a day begins there; days and months beyond the ends count on into their neighbours. */
  begins(year: number, month: number, day: number): number;
}

/** A stretch of time in words; an open end is absent. */
export interface Span {
  readonly since?: number;
  readonly until?: number;
  readonly words: string;
}

/** The span that begins at the first word, and how many words it takes; `null` where there is none. */
export function spanAt(words: readonly string[], today: Today): { span: Span; length: number } | null {
  const [first = '', second = ''] = words;
  if (since.has(first)) {
    const point = spanAt(words.slice(1), today);
    if (!point) return null;
    const { since: begin = 0, words: told } = point.span;
    return { span: { since: begin, words: `since ${told}` }, length: point.length + 1 };
  }
  const ago = first === 'vor' ? agoAt(words.slice(1), today, 1) : agoAt(words, today, 0);
  if (ago) return ago;
  if (before.has(first)) {
    const point = spanAt(words.slice(1), today);
    if (!point) return null;
    const inclusive = first === 'until' || first === 'bis';
    const until = (inclusive ? point.span.until : (point.span.since ?? 1) - 1) ?? today.now;
    return {
      span: { until, words: `${inclusive ? 'until' : 'before'} ${point.span.words}` },
      length: point.length + 1,
    };
  }
  if (
    lead.has(first) &&
    (second in weekdays ||
      isDate(second) ||
      last.has(second) ||
      (last.has(words[2] ?? '') && lead.has(second)))
  ) {
    const rest = spanAt(words.slice(1), today);
    return rest && { span: rest.span, length: rest.length + 1 };
  }
  return dayAt(first, today) ?? unitAt(words, today);
}

const since = new Set(['since', 'seit', 'ab', 'after', 'nach']);
const before = new Set(['before', 'until', 'bis', 'vor']);
const lead = new Set([
  'in',
  'on',
  'am',
  'the',
  'den',
  'der',
  'im',
  'within',
  'innerhalb',
  'during',
  'während',
]);
const current = new Set(['this', 'current', 'diese', 'dieser', 'diesen', 'diesem', 'dieses']);
const last = new Set([
  'last',
  'past',
  'previous',
  'letzte',
  'letzten',
  'letzter',
  'letztes',
  'letztem',
  'vergangene',
  'vergangenen',
]);

function isDate(word: string): boolean {
  return datePattern.test(word) || germanDate.test(word);
}

const datePattern = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const germanDate = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;

/** A day that one word names. */
function dayAt(word: string, today: Today): { span: Span; length: number } | null {
  const { year, month, day } = today;
  const back = { today: 0, heute: 0, yesterday: 1, gestern: 1, vorgestern: 2 }[word];
  if (back !== undefined) return { span: daySpan(today, year, month, day - back, word), length: 1 };
  const weekday = Object.hasOwn(weekdays, word) ? weekdays[word] : undefined;
  if (weekday !== undefined) {
    const past = (weekdayOf(today) - weekday + 7) % 7;
    return { span: daySpan(today, year, month, day - past, word), length: 1 };
  }
  const iso = datePattern.exec(word)?.slice(1) ?? germanDate.exec(word)?.slice(1).reverse();
  if (!iso) return null;
  const [y = 0, m = 0, d = 0] = iso.map(Number);
  if (m < 1 || m > 12 || d < 1 || d > 31) return null;
  return { span: daySpan(today, y, m, d, word), length: 1 };
}

function daySpan(today: Today, year: number, month: number, day: number, words: string): Span {
  return { since: today.begins(year, month, day), until: today.begins(year, month, day + 1) - 1, words };
}

/** "this week", "last month", "last 3 days". */
function unitAt(given: readonly string[], today: Today): { span: Span; length: number } | null {
  const isCurrent = current.has(given[0] ?? '');
  if (!isCurrent && !last.has(given[0] ?? '')) return null;
  const count = numberOf(given[1] ?? '');
  const unit = unitOf(given[count === null ? 1 : 2] ?? '');
  if (!unit) return null;
  const length = count === null ? 2 : 3;
  const words = given.slice(0, length).join(' ');
  if (count !== null) return { span: { since: backBy(today, count, unit), words }, length };
  if (unit === 'minute' || unit === 'hour') {
    return { span: { since: today.now - (unit === 'hour' ? 3_600_000 : 60_000), words }, length };
  }
  const begin = unitBegin(today, unit, 0);
  if (isCurrent) return { span: { since: begin, words }, length };
  return { span: { since: unitBegin(today, unit, 1), until: begin - 1, words }, length };
}

/** "3 days ago" and "vor 3 Tagen": that day, or since that moment of today. */
function agoAt(given: readonly string[], today: Today, led: number): { span: Span; length: number } | null {
  const count = numberOf(given[0] ?? '');
  const unit = unitOf(given[1] ?? '');
  if (count === null || !unit || (led === 0 && given[2] !== 'ago')) return null;
  const length = 3;
  const words = `${given[0]} ${given[1]} ago`;
  if (unit === 'minute' || unit === 'hour')
    return { span: { since: backBy(today, count, unit), words }, length };
  const { year, month, day } = today;
  const [y, m, d] = { day: [0, 0, 1], week: [0, 0, 7], month: [0, 1, 0], year: [1, 0, 0] }[unit] as number[];
  const at = [year - count * (y ?? 0), month - count * (m ?? 0), day - count * (d ?? 0)] as const;
  return { span: daySpan(today, ...at, words), length };
}

type Unit = (typeof units)[string];

function unitOf(word: string): Unit | undefined {
  return Object.hasOwn(units, word) ? units[word] : undefined;
}

function numberOf(word: string): number | null {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  return Object.hasOwn(numbers, word) ? (numbers[word] ?? null) : null;
}

function backBy({ now, year, month, day, begins }: Today, count: number, unit: Unit): number {
  switch (unit) {
    case 'minute':
      return now - count * 60_000;
    case 'hour':
      return now - count * 3_600_000;
    case 'day':
      return begins(year, month, day - count);
    case 'week':
      return begins(year, month, day - 7 * count);
    case 'month':
      return begins(year, month - count, day);
    case 'year':
      return begins(year - count, month, day);
  }
}

/** When the unit of today began, or the one so many before it. */
function unitBegin(today: Today, unit: 'day' | 'week' | 'month' | 'year', back: number): number {
  const { year, month, day, begins } = today;
  switch (unit) {
    case 'day':
      return begins(year, month, day - back);
    case 'week':
      return begins(year, month, day - weekdayOf(today) - 7 * back);
    case 'month':
      return begins(year, month - back, 1);
    case 'year':
      return begins(year - back, 1, 1);
  }
}

/** Monday is 0; after Sakamoto. */
function weekdayOf({ year, month, day }: Today): number {
  const y = month < 3 ? year - 1 : year;
  const shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] ?? 0;
  const sunday = (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + shift + day) % 7;
  return (sunday + 6) % 7;
}
