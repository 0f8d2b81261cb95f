import type { ToolContext } from '../../../core/ports/tool.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { findingLine } from './deliver.ts';

/** Findings that a question tells; the deliverable tells them all. */
const mostTold = 10;

/** What a person should know of the files before they are published: what a look at them finds now. */
export async function findingNotes(
  given: { readonly type: string; readonly files: readonly DeliverableFile[] },
  { blobs, signal }: Pick<ToolContext, 'blobs' | 'signal'>,
): Promise<string[]> {
  const { check } = await import('../../deliverables/check.ts');
  const { findings } = await check(given, blobs, signal);
  const notes = findings.slice(0, mostTold).map(findingLine);
  const more = findings.length - notes.length;
  return more > 0 ? [...notes, `… and ${more} more findings.`] : notes;
}
