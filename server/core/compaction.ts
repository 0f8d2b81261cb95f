import type { FailureKind } from '../protocol/failure.ts';
import type { Part, Usage } from '../protocol/provider.ts';
import { attempt, recordStopped, type WholeAnswer } from './attempt.ts';
import { type Candidate, choiceOf } from './chain.ts';
import type { JobRun } from './jobRun.ts';
import { priceOf } from './models.ts';
import type { ProviderRequest } from './ports/provider.ts';
import { type Asking, piecesOf, roomOf } from './prompt.ts';
import type { CompactedTurn } from './recall.ts';
import { pauseBefore } from './retry.ts';
import { type Measured, measure, sizeOfPieces } from './room.ts';
import type { Piece } from './telling.ts';
import { bytesOf, sizeOf } from './tokens.ts';
import { costOfFailed } from './usage.ts';

/** The parts of the room that the turns told whole may take after a compaction: the first that leaves enough. */
const keptShares = [0.35, 0.15];
/** The part of the room that a conversation may take after a compaction, so that the next one is far. */
const filled = 0.7;
/** The part that is tried for where a provider takes less than is known of it. */
const lessThanKnown = 0.7;

/**
 * Compacts a conversation (SPEC D6, DESIGN "Jobs"): from here on its older turns are told as what the journal
 * knows of them and a summary, for which the same provider is asked once; where none comes, the record stands with
 * the summary before it or alone. A call is never parted from its result, and what a person sees stays whole.
 * Answers whether it was compacted: not where nothing was left to compact, nor while nobody can be asked.
 */
export async function compact(
  run: JobRun,
  by: Candidate,
  asking: Asking,
  tooLong: boolean,
): Promise<boolean> {
  const before = measure(asking);
  const room = tooLong ? Math.floor(Math.min(before.room, before.tokens) * lessThanKnown) : before.room;
  const cut = cutFor(asking, before, room);
  const last = cut === null ? undefined : before.pieces[cut - 1];
  if (cut === null || !last) return false;
  const request = summaryRequest(asking, before, cut, room);
  const answer = request && (await askQuietly(run, by, request));
  if (run.signal.aborted || answer === 'away') return false;
  const longest = longestSummary(room);
  const summary = summaryOf(answer, longest) || summaryBefore(before.pieces, longest);
  const usage: Usage | null = answer?.usage ?? null;
  const after = measure(asIfCompacted(asking, last, summary)).tokens;
  await run.record({
    type: 'context.compacted',
    data: {
      upTo: Number(last.turn.key),
      room: before.room,
      before: before.tokens,
      after,
      ...(answer ? { by: choiceOf(by), usage, usd: priceOf(asking.facts, usage) } : {}),
    },
    content: { summary },
  });
  return true;
}

/** How many of the pieces are no longer told whole; `null` where all that could be compacted already is. */
function cutFor(asking: Asking, { pieces, fixed, tokensFor }: Measured, room: number): number | null {
  const least = pieces[0]?.turn.kind === 'compacted' ? 2 : 1;
  const tokensAfter = (place: number) => {
    const last = pieces[place - 1];
    const told = last ? piecesOf(asIfCompacted(asking, last, '')) : pieces;
    return tokensFor(fixed + sizeOfPieces(told) + longestSummary(room));
  };
  const places = [
    ...keptShares.map((share) => placeLeaving(pieces, bytesOf(room * share))),
    pieces.length - 1,
  ].filter((place) => place >= least);
  const roomy = places.find((place) => tokensAfter(place) <= room * filled);
  const fitting = roomy ?? places.find((place) => tokensAfter(place) <= room);
  return fitting ?? (pieces.length >= least ? pieces.length : null);
}

/** How many pieces stand before those at the end that together have at most a size. */
function placeLeaving(pieces: readonly Piece[], most: number): number {
  let place = pieces.length;
  for (let left = most; place > 0; place--) {
    left -= pieces[place - 1]?.size ?? 0;
    if (left < 0) break;
  }
  return place;
}

/** The same, with all up to a piece compacted. */
function asIfCompacted(asking: Asking, last: Piece, summary: string): Asking {
  const { transcript, job, facts } = asking;
  const key = String(transcript.seq + 1);
  const upTo = Number(last.turn.key);
  const room = roomOf(facts);
  const turn: CompactedTurn = { kind: 'compacted', key, job, time: 0, upTo, room, summary };
  return { ...asking, transcript: { ...transcript, turns: [...transcript.turns, turn] } };
}

/**
 * Asks for a summary after the pieces that are compacted, as they were told, so that the provider's cache serves
 * them; where they are too long themselves, the oldest give way to their record. `null` where nothing fits.
 */
function summaryRequest(
  asking: Asking,
  { pieces, request, fixed, tokensFor }: Measured,
  cut: number,
  room: number,
): ProviderRequest | null {
  const text = summaryQuestion(longestSummary(room));
  const fits = (told: readonly Piece[]) => tokensFor(fixed + sizeOfPieces(told) + sizeOf(text)) <= room;
  const asked = (told: readonly Piece[]): ProviderRequest => ({
    ...request,
    messages: [...told.flatMap(({ messages }) => messages), { role: 'user', text }],
    maxTokens: Math.min(request.maxTokens, longestThought),
  });
  const whole = pieces.slice(0, cut);
  if (fits(whole)) return asked(whole);
  const summary = summaryBefore(pieces);
  for (const share of askedShares) {
    const place = placeLeaving(whole, bytesOf(room * share));
    const last = whole[place - 1];
    const [head] = last ? piecesOf(asIfCompacted(asking, last, summary)) : [];
    const shorter = [...(head ? [head] : []), ...whole.slice(place)];
    if (place < cut && fits(shorter)) return asked(shorter);
  }
  return null;
}

/** The parts of the room that turns may take in a question for a summary that cannot tell all of them. */
const askedShares = [0.8, 0.5, 0.25];

/** The longest that a summary and the thoughts before it may be, in tokens. */
const longestThought = 8_000;

/** The longest summary that is told, in bytes. */
function longestSummary(room: number): number {
  return Math.min(12_000, bytesOf(room * 0.1));
}

function summaryQuestion(longest: number): string {
  return `The conversation becomes too long, and everything before this message will be replaced by a summary. Write it now, for whoever goes on with this work and has nothing else, in the language of the person, in at most ${Math.floor(longest / 8)} words:
- what is wanted, and what was agreed on the way
- what was found out, with exact names, paths, figures and ids
- what was tried and did not work, and why
- what is being done at this moment, and what comes next
The person's own words, decisions, changed files and deliverables are kept by themselves. Call no tool; write the summary and nothing else.`;
}

/** The words of an answer that is a summary; nothing where it is cut, calls a tool or is too long itself. */
function summaryOf(answer: WholeAnswer | null, longest: number): string {
  if (answer?.stop !== 'end') return '';
  const text = answer.parts.flatMap((part: Part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
  return sizeOf(text) <= longest * 1.5 ? text.trim() : '';
}

/** The summary that stands at the beginning of pieces; nothing where there is none, or a longer one. */
function summaryBefore([first]: readonly Piece[], longest = Number.POSITIVE_INFINITY): string {
  const summary = first?.turn.kind === 'compacted' ? first.turn.summary : '';
  return sizeOf(summary) <= longest ? summary : '';
}

/** The failures after which a request itself will not be answered either, so that nothing is lost by a wait. */
const away: ReadonlySet<FailureKind> = new Set(['offline', 'overloaded', 'auth']);

/** Asks without showing the answer on its way; each failed try is journaled as any other. */
async function askQuietly(
  run: JobRun,
  by: Candidate,
  request: ProviderRequest,
): Promise<WholeAnswer | 'away' | null> {
  const { clock } = run.ports;
  const quiet: JobRun = { ...run, ports: { ...run.ports, emit: () => undefined } };
  for (let tried = 1; !run.signal.aborted; tried++) {
    const end = await attempt(quiet, by.provider, request);
    if (end.kind === 'done') return end;
    if (run.signal.aborted) {
      await recordStopped(run, by, end);
      break;
    }
    const { failure } = end;
    const pause = failure.kind === 'tooLong' ? null : pauseBefore(failure, tried, clock, { another: false });
    const spent = costOfFailed(by.provider, by.model, end.usage);
    const data = { ...choiceOf(by), failure, again: pause !== null, ...spent };
    await run.record({ type: 'attempt.failed', actor: 'worker', data });
    if (pause === null) return away.has(failure.kind) ? 'away' : null;
    await clock.sleep(pause, run.signal);
  }
  return null;
}
