import type { Transcript } from '../protocol/transcript.ts';
import type { Call } from '../protocol/turn.ts';
import { canonical } from './canonical.ts';

/** Times that the same calls with the same results may follow each other before the model is told. */
export const mostRepeats = 5;
/** Calls that go round together: one again and again, or two or three in turn. */
const longestCircle = 3;

/**
 * Whether a call would only go round in a circle again: the calls of its job before it were the same one to
 * three, with the same results, as often as `mostRepeats`, and this one is the next of them.
 */
export function goesInCircles({ turns }: Transcript, job: string, call: Call): boolean {
  const done: Call[] = [];
  for (let index = turns.length - 1; index >= 0 && done.length < longestCircle * mostRepeats; index--) {
    const turn = turns[index];
    if (turn?.kind !== 'assistant' || turn.job !== job) continue;
    done.push(...turn.calls.filter((one) => one.call !== call.call && one.output !== null).reverse());
  }
  for (let circle = 1; circle <= longestCircle; circle++) {
    const all = done.slice(0, circle * mostRepeats);
    if (all.length < circle * mostRepeats || !asksTheSame(call, all[circle - 1])) continue;
    if (all.every((one, index) => index < circle || isSame(one, all[index - circle]))) return true;
  }
  return false;
}

function isSame(one: Call, other: Call | undefined): boolean {
  return one.output === other?.output && asksTheSame(one, other);
}

function asksTheSame(one: Call, other: Call | undefined): boolean {
  return other !== undefined && one.tool === other.tool && canonical(one.input) === canonical(other.input);
}
