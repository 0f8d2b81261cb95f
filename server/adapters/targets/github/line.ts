import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { failures } from '../../../protocol/failure.ts';
import type { Pieces } from './api.ts';
import type { Hub } from './hub.ts';
import { refuse } from './refused.ts';
import type { Step } from './steps.ts';
import { bytesOf, Sha } from './tree.ts';

/** One line of a tree as it is sent: a SHA, a text, or `null` for what is deleted. */
export interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: 'blob';
  readonly sha?: string | null;
  readonly content?: string;
}

/** One line of a tree before it is sent; its bytes are read when its turn comes. */
export interface Line {
  readonly path: string;
  readonly gone: boolean;
  /** About how many characters it will have. */
  readonly weight: number;
  entry(hub: Hub): Promise<Entry>;
}

const Made = z.object({ sha: Sha });
/** The longest text that goes with its tree, in bytes. */
const mostText = 200_000;

/** The line of what is there already. */
export function readyLine(entry: Entry): Line {
  const weight = entry.path.length + (entry.content?.length ?? 0);
  return { path: entry.path, gone: entry.sha === null, weight, entry: async () => entry };
}

/** The line of a step whose bytes are to be sent, if they are not there. */
export function lineToSend(
  step: Step,
  known: ReadonlySet<string>,
  context: TargetContext,
  sent: () => void,
): Line {
  const weight = step.path.length + (step.size <= mostText ? step.size : 0);
  const entry = async (hub: Hub) => {
    const made = await entryFor(hub, step, known, context);
    sent();
    return made;
  };
  return { path: step.path, gone: false, weight, entry };
}

/** Short texts go with the tree; what is there already by its SHA, everything else as a blob of its own. */
async function entryFor(
  { api, at }: Hub,
  step: Step,
  known: ReadonlySet<string>,
  context: TargetContext,
): Promise<Entry> {
  const { file, sha, path, mode } = step;
  if (!file || !sha || known.has(sha)) return entryOf(step, sha);
  const text = file.size <= mostText ? await plainText(file, context) : null;
  if (text !== null) return { path, mode, type: 'blob', content: text };
  const pieces = jsonBlob(file, context);
  const made = await api.ask({ method: 'POST', path: `${at}/git/blobs`, pieces, reads: Made, again: true });
  if (made.sha !== sha) refuse(failures.malformed('GitHub', `it kept "${step.shown}" with other bytes.`));
  return entryOf(step, sha);
}

/** The text of a file that comes out of JSON as it went in; `null` where that is not sure. */
async function plainText(file: DeliverableFile, context: TargetContext): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await bytesOf(file, context)) pieces.push(piece);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
    return /^[\t\n\r\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\ufff0-\uffff\u{10000}-\u{10ffff}]+$/u.test(text)
      ? text
      : null;
  } catch {
    return null;
  }
}

/** The request for a blob, its bytes in base64 as they are read; memory stays flat. */
function jsonBlob(file: DeliverableFile, context: TargetContext): Pieces {
  const [before, after] = ['{"encoding":"base64","content":"', '"}'];
  const size = before.length + Math.ceil(file.size / 3) * 4 + after.length;
  async function* written(bytes: AsyncIterable<Uint8Array>) {
    yield Buffer.from(before);
    let rest: Uint8Array = new Uint8Array();
    for await (const piece of bytes) {
      const all = rest.length > 0 ? Buffer.concat([rest, piece]) : Buffer.from(piece);
      const whole = all.length - (all.length % 3);
      rest = all.subarray(whole);
      yield Buffer.from(all.toString('base64', 0, whole));
    }
    yield Buffer.from(Buffer.from(rest).toString('base64') + after);
  }
  return { size, mime: 'application/json', open: async () => written(await bytesOf(file, context)) };
}

/** The line of a step whose bytes are there. */
export function entryOf({ path, mode }: Pick<Step, 'path' | 'mode'>, sha: string | undefined): Entry {
  return { path, mode, type: 'blob', sha: sha ?? null };
}
