import type { Call, Turn } from '../protocol/turn.ts';
import { attachedWords } from './attachments.ts';
import type { Telling } from './outputs.ts';

/** A turn that a request tells. */
export type SpokenTurn = Extract<Turn, { kind: 'person' | 'assistant' }>;
/** A turn in whose place, and before, a record and a summary are told. */
export type CompactedTurn = Extract<Turn, { kind: 'compacted' }>;

/** How what was compacted is told. */
export interface Recalling {
  readonly outputs: Telling;
  /** The longest that its record may be, in characters. */
  readonly longestRecall: number;
}

/**
 * What stands in a request for all the turns that a compaction covers: first, from the record and exact, what
 * the person said, what was decided, saved, published and changed; then the summary. A function of the entries
 * before the compaction, so that it stays the same until the next one.
 */
export function recall(
  compacted: CompactedTurn,
  covered: readonly SpokenTurn[],
  turns: readonly Turn[],
  manner: Recalling,
): string {
  const before = turns.filter(({ key }) => Number(key) < Number(compacted.key));
  const jobs = new Set(covered.map(({ job }) => job));
  const calls = covered.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []));
  const sections: Section[] = [
    { title: 'What the person said, the newest last', lines: covered.flatMap(wordsOf) },
    {
      title: 'What the person and the rules decided',
      lines: [...calls.flatMap(decisionOf), ...before.flatMap((turn) => questionOf(turn, jobs))],
    },
    { title: 'Saved deliverables', lines: before.flatMap((turn) => deliverableOf(turn, jobs)) },
    { title: 'Done outside the conversation', lines: changesBy(calls) },
    {
      title: 'Long results that can still be read with read_output',
      lines: manner.outputs.readable ? calls.flatMap((call) => longResultOf(call, manner)) : [],
    },
  ];
  const record = fitted(sections, manner.longestRecall);
  const summary = compacted.summary.trim().replace(/^[ \t]*#{1,2}(?=\s)/gm, '###');
  return [
    'The beginning of this conversation no longer fits and is told in short. This part is taken from the record.',
    record,
    ...(summary ? [`## Summary of what was said and done\n${summary}`] : []),
  ].join('\n\n');
}

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Lengths to which a line is cut, the longest first that lets all fit. */
const lineLengths = [Number.POSITIVE_INFINITY, 8000, 2000, 600, 200];

/** The sections within a length: first long lines are cut in their middle, then the oldest of them left out. */
function fitted(sections: readonly Section[], longest: number): string {
  const filled = sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => ({ title, lines: [...new Set(lines)] }));
  for (const length of lineLengths) {
    const text = textOf(filled, (line) => shortened(line, length));
    if (text.length <= longest) return text;
  }
  for (
    let kept = 1 << Math.floor(Math.log2(Math.max(1, ...filled.map(({ lines }) => lines.length))));
    kept > 1;
    kept >>= 1
  ) {
    const newest = filled.map(({ title, lines }) => ({ title, lines: newestOf(lines, kept) }));
    const text = textOf(newest, (line) => shortened(line, lineLengths.at(-1) ?? 0));
    if (text.length <= longest) return text;
  }
  const last = filled.map(({ title, lines }) => ({ title, lines: newestOf(lines, 1) }));
  return textOf(last, (line) => shortened(line, 100)).slice(0, Math.max(0, longest));
}

function textOf(sections: readonly Section[], cut: (line: string) => string): string {
  return sections
    .map(({ title, lines }) => `## ${title}\n${lines.map((line) => `- ${indented(cut(line))}`).join('\n')}`)
    .join('\n\n');
}

/** All but the first line set in, so that no text of others stands where a heading or a line of the record would. */
function indented(text: string): string {
  return text.replace(/\r\n?|[\n\v\f\u0085\u2028\u2029]/g, '\n  ');
}

function newestOf(lines: readonly string[], kept: number): readonly string[] {
  if (lines.length <= kept) return lines;
  return [`(${lines.length - kept} earlier ones left out)`, ...lines.slice(-kept)];
}

function shortened(line: string, longest: number): string {
  if (line.length <= longest) return line;
  const half = Math.floor((longest - 5) / 2);
  return `${line.slice(0, half)} […] ${line.slice(-half)}`.toWellFormed();
}

function wordsOf(turn: SpokenTurn): string[] {
  if (turn.kind !== 'person') return [];
  const images = turn.images.length > 0 ? ` (with ${turn.images.length} images)` : '';
  return [`${turn.steered ? 'while it worked: ' : ''}${turn.text}${images}${attachedWords(turn.files)}`];
}

function decisionOf(call: Call): string[] {
  const what = call.title ?? call.tool;
  if (call.state === 'refused') return [`refused: ${what}: ${call.denial ?? call.output ?? ''}`];
  if (call.approval?.decision !== 'approved') return [];
  const reason = call.denial ? ` (${call.denial})` : '';
  return [`allowed${call.forJob ? ' for the whole job' : ''}: ${what}${reason}`];
}

function questionOf(turn: Turn, jobs: ReadonlySet<string>): string[] {
  if (turn.kind !== 'question' || !jobs.has(turn.job) || !turn.approval.decision) return [];
  return [`${turn.approval.decision}: ${turn.approval.title}`];
}

/** Without where it was published, which may change later: that is told by what was done. */
function deliverableOf(turn: Turn, jobs: ReadonlySet<string>): string[] {
  if (turn.kind !== 'deliverable' || !jobs.has(turn.job)) return [];
  const { id, type, title, files } = turn.deliverable;
  return [`${type} "${title}", deliverable ${id}: ${files.map(({ path }) => path).join(', ')}`];
}

/** What was changed, each object once, by the last that was done to it. */
function changesBy(calls: readonly Call[]): string[] {
  const done = new Map<string, string>();
  for (const call of calls) {
    if (call.output === null || call.state === 'error' || call.state === 'refused') continue;
    for (const effect of call.started?.effects ?? []) {
      const [verb, object] = wordsFor(effect);
      if (!verb) continue;
      const unsure = call.state === 'interrupted' ? ' (not known whether it was finished)' : '';
      done.delete(object);
      done.set(object, `${verb} ${object}${unsure}`);
    }
  }
  return [...done.values()];
}

type Effect = NonNullable<Call['started']>['effects'][number];

/** What was done and to what; no word for what changes nothing. */
function wordsFor(effect: Effect): readonly [verb: string, object: string] {
  switch (effect.kind) {
    case 'write':
      return ['wrote', effect.shown];
    case 'delete':
      return ['deleted', effect.shown];
    case 'run':
      return ['ran', effect.argv.join(' ')];
    case 'publish':
      return ['published to', effect.address];
    case 'send':
      return ['sent to', effect.address];
    case 'spend':
      return ['spent', effect.amount];
    case 'configure':
      return ['configured', effect.what];
    case 'mcp':
      return ['called', `${effect.tool} of ${effect.server}`];
    case 'read':
    case 'network':
    case 'ask':
      return ['', ''];
  }
}

function longResultOf(call: Call, { outputs }: Recalling): string[] {
  const length = call.output?.length ?? 0;
  return length > outputs.longest
    ? [`call "${call.call}": ${call.title ?? call.tool} (${length} characters)`]
    : [];
}
