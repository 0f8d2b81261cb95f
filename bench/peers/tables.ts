import { type FaultName, faultNames } from './model/script.ts';
import type { Recovery, Rounds, Summary } from './summary.ts';

/** A table for a person: its title, its head, and a row an agent. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The whole report. */
export function tablesOf(summaries: readonly Summary[]): Table[] {
  return [
    tableOf('Speed', summaries, speed),
    tableOf('Size', summaries, size),
    tableOf('Faults', summaries, faults),
    tableOf('After kill -9', summaries, crash),
  ];
}

/** A table as Markdown. */
export function markdownOf({ title, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A table as text in columns. */
export function textOf({ title, head, rows }: Table): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const lines = all.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return [title, ...lines.map((line) => line.trimEnd())].join('\n');
}

type Columns = Readonly<Record<string, (summary: Summary) => string>>;

const speed: Columns = {
  agent: ({ agent }) => agent,
  release: ({ release }) => release,
  'start to first request, ms': ({ firstRequest }) => whole(firstRequest),
  'own time per round over 20, ms: median / p95': ({ few }) => spread(few),
  'over 500: median / p95': ({ many }) => spread(many),
  'last 50 of 500 over first 50': ({ many }) => fine(many.growth, 2),
  'processor time per round over 500, ms': ({ many }) => fine(many.cpu, 1),
};

const size: Columns = {
  agent: ({ agent }) => agent,
  'first request, bytes': ({ firstBytes }) => whole(firstBytes),
  'sent over 20 rounds, kB': ({ few }) => whole(few.sent, 1000),
  'sent over 500 rounds, kB': ({ many }) => whole(many.sent, 1000),
  'least common prefix, %': ({ few, many }) => percent(least(few.prefix, many.prefix)),
  'peak memory over 20 rounds, MB': ({ few }) => whole(few.memory),
  'over 500 rounds, MB': ({ many }) => whole(many.memory),
};

/** What each fault is called in the report. */
export const faultTitles: Readonly<Record<FaultName, string>> = {
  limited: '429, Retry-After 1',
  broken: '500, twice',
  overloaded: 'overloaded',
  cutInText: 'cut in text',
  cutInCall: 'cut inside a call',
  cutBehindCall: 'cut behind a call',
  malformed: 'malformed event',
};

const faults: Columns = {
  agent: ({ agent }) => agent,
  ...Object.fromEntries(
    faultNames.map((name) => [faultTitles[name], (summary: Summary) => recovery(summary.faults[name])]),
  ),
};

const crash: Columns = {
  agent: ({ agent }) => agent,
  'start to first request, ms': (summary) => recovery(summary.crash),
  'steps or results lost': (summary) => whole(summary.crash.lost),
  'takes with a step done twice': ({ crash: { takes, doubled } }) =>
    takes === 0 ? none : `${doubled} of ${takes}`,
};

const none = '–';

function tableOf(title: string, summaries: readonly Summary[], columns: Columns): Table {
  const cells = Object.values(columns);
  return { title, head: Object.keys(columns), rows: summaries.map((one) => cells.map((cell) => cell(one))) };
}

/** The time it took, and what was wrong in how many takes. */
function recovery({ takes, finished, doubled, time }: Recovery): string {
  if (takes === 0) return none;
  const faults = [
    ...(finished < takes ? [notFinished(takes, finished)] : []),
    ...(doubled > 0 ? [`**doubled ${doubled} of ${takes}**`] : []),
  ];
  return [whole(time), ...faults].join(', ');
}

const fine = (value: number | null, digits: number): string =>
  value === null ? none : value.toFixed(digits);

/** Median and 95th percentile, and how many takes came to no end. */
function spread({ takes, finished, median, p95 }: Rounds): string {
  if (takes === 0) return none;
  const figures = finished > 0 ? [`${fine(median, 1)} / ${fine(p95, 1)}`] : [];
  return [...figures, ...(finished < takes ? [notFinished(takes, finished)] : [])].join(', ');
}

const notFinished = (takes: number, finished: number) => `not finished ${takes - finished} of ${takes}`;

const whole = (value: number | null, unit = 1): string =>
  value === null ? none : Math.round(value / unit).toLocaleString('en');

/** Never rounded up to the whole. */
const percent = (part: number | null): string =>
  part === null ? none : `${Math.floor(part * 10_000) / 100}`;

function least(...values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
