import type { Connection } from '../protocol/connection.ts';
import { type Failure, failures, type Outcome } from '../protocol/failure.ts';
import { attempt, recordStopped, type WholeAnswer } from './attempt.ts';
import {
  beginningOf,
  type Candidate,
  type Chain,
  chainOf,
  choiceOf,
  orderOf,
  saysMore,
  takesMore,
} from './chain.ts';
import { type Connections, isCooling } from './connections.ts';
import type { JobRun } from './jobRun.ts';
import { type Awaited, awaitNetwork, inVain, networkReturned, waitsFor } from './network.ts';
import type { Provider, ProviderRequest } from './ports/provider.ts';
import { longestPause, pauseBefore, remedies } from './retry.ts';
import { tellsThoughts } from './telling.ts';
import { costOfFailed } from './usage.ts';
import { askForPrice, wordedPrice } from './waitedPrice.ts';

/** What is asked of a candidate. */
export interface Asked {
  readonly request: ProviderRequest;
  /** The number of the last thing that the person said to the job and that the request tells; 0 for none. */
  readonly heard: number;
}

/** Makes what a candidate is asked; `refused` is the failure of the try before it. */
export type Ask = (candidate: Candidate, refused: Failure | null) => Promise<Asked>;

/** What came of asking. */
export type Obtained =
  | {
      readonly kind: 'answered';
      readonly answer: WholeAnswer;
      readonly by: Candidate;
      readonly heard: number;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'stopped' };

/**
 * Asks for one answer whatever happens: each candidate as often as its failures say that it may help, then the
 * next one of the job's chain, and when nothing can be reached it waits for the network. What streamed of a
 * failed try is taken back with a `restart` token, and each failed try is journaled; tools run only after this,
 * so a cut stream costs nothing but time.
 */
export async function obtainAnswer(run: JobRun, connections: Connections, ask: Ask): Promise<Obtained> {
  for (;;) {
    const chain = await chainFor(run);
    if (!chain.ok) return { kind: 'failed', failure: chain.failure };
    const left = waitsFor(run);
    const passed = left
      ? awayFrom(run, { ...left, but: [] })
      : await askInOrder({ run, connections, ask }, chain.value);
    if (passed.kind !== 'away') return passed;
    const end = await awaitNetwork(run, passed.awaited);
    if (end === 'stopped') return { kind: 'stopped' };
    if (end === 'inVain') return { kind: 'failed', failure: inVain(passed.awaited.failure) };
    const now = await chainFor(run);
    const failure = now.ok ? await askForPrice(run, now.value[0]) : null;
    if (failure) return { kind: 'failed', failure };
    if (run.signal.aborted) return { kind: 'stopped' };
    await networkReturned(run, passed.awaited.who);
    await run.heed();
  }
}

interface Asking {
  readonly run: JobRun;
  readonly connections: Connections;
  readonly ask: Ask;
}

/** A candidate that gave no answer. */
interface Failed {
  readonly candidate: Candidate;
  readonly failure: Failure;
}

/** Nothing could be reached that might answer. */
interface Away {
  readonly kind: 'away';
  readonly awaited: Awaited;
}

async function chainFor({ ports, ability, job, transcript }: JobRun): Promise<Outcome<Chain>> {
  const begin = transcript().turns.find((turn) => turn.kind === 'person' && turn.job === job.id);
  const asked = begin?.kind === 'person' ? begin.provider : null;
  return chainOf({ ability, asked, settings: await ports.store.settings(), providers: ports.providers() });
}

/** Asks one candidate after another, until one answers or a failure says that no other would. */
async function askInOrder(asking: Asking, chain: Chain): Promise<Obtained | Away> {
  const { run, connections } = asking;
  const states = await connections.read();
  const now = run.ports.clock.now();
  const beginning = beginningOf(chain, run.transcript(), run.job.id);
  const order = orderOf(chain, { beginning, states, now });
  const failed: Failed[] = [];
  let before = passedOver(beginning, order, states[beginning.provider.name]?.failure);
  for (const [index, candidate] of order.entries()) {
    if (isHopeless(candidate, failed)) continue;
    if (before) await recordSwitch(run, before, candidate);
    const rest = order.slice(index + 1);
    const another = rest.some(({ provider }) => !isCooling(states[provider.name], now));
    const end = await askOne(asking, candidate, another);
    if (end.kind !== 'failed') return end;
    before = { candidate, failure: end.failure };
    failed.push(before);
    if (!remedies[end.failure.kind].elsewhere) break;
  }
  return exhausted(run, chain, failed);
}

/** The candidate that was to begin, where another one does because it is to be left alone. */
function passedOver(beginning: Candidate, order: readonly Candidate[], failure?: Failure): Failed | null {
  return failure && order[0] !== beginning ? { candidate: beginning, failure } : null;
}

/** What is too long for one is too long for all that take, or say, no more. */
function isHopeless(candidate: Candidate, failed: readonly Failed[]): boolean {
  return failed.some(({ failure: { kind, field }, candidate: other }) => {
    const more = field === 'answer' ? saysMore : takesMore;
    return kind === 'tooLong' && !more(candidate, other);
  });
}

/** Asks one candidate, again where that may help. */
async function askOne({ run, connections, ask }: Asking, by: Candidate, another: boolean): Promise<Obtained> {
  const { clock } = run.ports;
  const { provider, model } = by;
  await outwait(run, (await connections.read())[provider.name]);
  let refused: Failure | null = null;
  for (let tried = 1; !run.signal.aborted; tried++) {
    const { request, heard } = await ask(by, refused);
    if (run.signal.aborted) break;
    const end = await attempt(run, provider, request);
    if (end.kind === 'done') {
      await connections.answered(provider);
      return { kind: 'answered', answer: end, by, heard };
    }
    if (run.signal.aborted) {
      await recordStopped(run, by, end);
      break;
    }
    const { failure } = end;
    await connections.failed(provider, failure);
    const pause = isMendable(failure, request) ? 0 : pauseBefore(failure, tried, clock, { another });
    const spent = costOfFailed(provider, model, end.usage);
    const data = { provider: provider.name, model, failure, again: pause !== null, ...spent };
    await run.record({ type: 'attempt.failed', actor: 'worker', data });
    run.ports.emit({ kind: 'token', job: run.job, token: 'restart', text: '' });
    if (pause === null) return { kind: 'failed', failure };
    refused = failure;
    await clock.sleep(pause, run.signal);
    await run.heed();
  }
  return { kind: 'stopped' };
}

/**
 * What a model thought is bound to its key, its model and what stood before, so a service may refuse to take it back
 * though nothing else is wrong (https://platform.claude.com/docs/en/build-with-claude/extended-thinking).
 */
function isMendable({ kind }: Failure, request: ProviderRequest): boolean {
  return kind === 'invalid' && tellsThoughts(request);
}

/** A limit whose end the service named to another job is waited for, where it is near. */
async function outwait({ ports, signal }: JobRun, connection: Connection | undefined): Promise<void> {
  const until = connection?.state === 'limited' ? connection.failure?.until : undefined;
  const left = (until ?? 0) - ports.clock.now();
  if (left > 0 && left <= longestPause) await ports.clock.sleep(left, signal);
}

function recordSwitch(run: JobRun, { candidate, failure }: Failed, to: Candidate): Promise<void> {
  const data = { from: choiceOf(candidate), to: choiceOf(to), failure };
  return run.record({ type: 'provider.switched', actor: 'worker', data });
}

/** The failure of the candidate that is wanted most decides; where it was out of reach, whatever was is waited for. */
function exhausted(run: JobRun, chain: Chain, failed: readonly Failed[]): Obtained | Away {
  const inOrder = chain.flatMap((candidate) => failed.find((one) => one.candidate === candidate) ?? []);
  const failure = inOrder[0]?.failure ?? failures.internal('no provider was asked.');
  if (failure.kind !== 'offline') return { kind: 'failed', failure };
  const who = [...new Set(inOrder.filter(isAway).map(({ candidate }) => candidate.provider.title))].join(
    ', ',
  );
  const but = inOrder.filter((one) => !isAway(one)).map(({ candidate }) => candidate.provider);
  return awayFrom(run, { who, failure, but, price: wordedPrice(chain[0]) });
}

const isAway = ({ failure }: Failed) => failure.kind === 'offline';

/**
 * Waits for any provider of the chain as it is by then, but for those that were reached and gave no answer; one
 * that cannot be looked for is simply tried. Where the chain is gone, there is nothing left to wait for.
 */
function awayFrom(
  run: JobRun,
  { but, ...awaited }: Omit<Awaited, 'look'> & { readonly but: readonly Provider[] },
): Away {
  const look = async () => {
    const chain = await chainFor(run);
    if (!chain.ok) return true;
    const some = chain.value.filter(({ provider }) => !but.includes(provider));
    const found = await Promise.all(some.map(({ provider }) => provider.reachable?.(run.signal) ?? true));
    return found.includes(true);
  };
  return { kind: 'away', awaited: { ...awaited, look } };
}
