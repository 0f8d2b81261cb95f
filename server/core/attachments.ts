import type { AttachedFile } from '../protocol/attachment.ts';
import { type Failure, failures } from '../protocol/failure.ts';
import type { Transcript } from '../protocol/transcript.ts';
import type { Store } from './ports/store.ts';

/** The file that was attached under a name in the session; of several the newest. */
export function attachedFile({ turns }: Pick<Transcript, 'turns'>, name: string): AttachedFile | null {
  for (const turn of turns.toReversed()) {
    const found = turn.kind === 'person' ? turn.files?.find((file) => file.name === name) : undefined;
    if (found) return found;
  }
  return null;
}

/** How a model is told of the files of a message; nothing where there are none. */
export function attachedWords(files: readonly AttachedFile[] = []): string {
  if (files.length === 0) return '';
  const lines = files.map(
    ({ name, mime, size }) => `- ${JSON.stringify(`attachment:${name}`)} (${mime}, ${size} bytes)`,
  );
  const how = 'Attached files; tools take these names as the path to read, or to save from:';
  return `\n\n${how}\n${lines.join('\n')}`;
}

/** What stands in the way of handing these files over with a job; `null` where nothing does. */
export async function faultInFiles(
  { store }: { readonly store: Pick<Store, 'blobs'> },
  files: readonly AttachedFile[],
): Promise<Failure | null> {
  const names = new Set<string>();
  for (const [index, { name, digest }] of files.entries()) {
    const field = `files.${index}`;
    if (names.has(name)) {
      return failures.invalid(field, `"${name}" is attached twice.`, 'Rename one of the files.');
    }
    names.add(name);
    if ((await store.blobs.open(digest)) === null) {
      return failures.invalid(field, `The content of "${name}" is not kept.`, 'Attach the file again.');
    }
  }
  return null;
}
