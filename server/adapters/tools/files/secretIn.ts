import { setImmediate as otherWork } from 'node:timers/promises';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { bad, failures, type Outcome } from '../../../protocol/failure.ts';

/** Of a larger file no more than its beginning is searched, unless that is text. */
const largestSearched = 64 * 1024 * 1024;
/** Characters of a piece that are looked at again with the next: longer than any form of a secret that is kept. */
const overlap = 256 * 1024;

/**
 * The failure of files of which one holds a secret of this person: it goes nowhere, and is not changed in silence
 * either (SECURITY S13). Files are read piece by piece.
 */
export async function secretIn(
  files: readonly DeliverableFile[],
  context: Pick<ToolContext, 'blobs' | 'redactor' | 'signal'>,
): Promise<Outcome<never> | null> {
  for (const file of files) {
    const found = await holdsSecret(file, context);
    if (context.signal.aborted) return bad(failures.cancelled('Nothing was published.'));
    if (!found) continue;
    const what = `The file "${file.path}" holds a secret of yours, so nothing was published.`;
    return bad(failures.denied(what, 'Take it out of the file, save the deliverable again, then publish.'));
  }
  return null;
}

async function holdsSecret(
  { digest, size }: DeliverableFile,
  { blobs, redactor, signal }: Pick<ToolContext, 'blobs' | 'redactor' | 'signal'>,
): Promise<boolean> {
  const decoder = new TextDecoder();
  let before = '';
  let isFirst = true;
  for await (const piece of (await blobs.open(digest)) ?? []) {
    const text = before + decoder.decode(piece, { stream: true });
    if (redactor.known(text) !== text) return true;
    if (isFirst && size > largestSearched && piece.includes(0)) return false;
    isFirst = false;
    before = text.slice(-overlap);
    await otherWork();
    if (signal.aborted) return false;
  }
  return false;
}
