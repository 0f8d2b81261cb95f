import type { Parcel, TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { pathFault } from '../github/config.ts';
import { refuse } from '../github/refused.ts';
import { bytesOf } from '../github/tree.ts';
import { faultInNames } from '../parcelNames.ts';

const mostSize = 1_000_000;
const mostWhole = 10_000_000;
const mostFiles = 300;

/** The files as texts; refuses what a gist cannot hold before anything is asked. */
export async function readable(parcel: Parcel, context: TargetContext): Promise<Record<string, string>> {
  const { files } = parcel;
  const whole = files.reduce((sum, { size }) => sum + size, 0);
  if (whole > mostWhole) {
    const what = `The files have ${Math.ceil(whole / 1e6)} MB together, and a gist takes ${mostWhole / 1e6} MB.`;
    refuse(failures.invalid('files', what, 'Publish fewer files, or into a repository.'));
  }
  const texts: Record<string, string> = Object.create(null);
  for (const file of files) {
    const { path, size } = file;
    const text = size <= mostSize ? await textOf(await bytesOf(file, context)) : '';
    const fault = [
      [pathFault(path) !== null, 'its name goes not everywhere'],
      [path.includes('/'), 'a gist has no folders'],
      [/^gistfile\d+/i.test(path), 'GitHub keeps such names for itself'],
      [size > mostSize, 'it is larger than 1 MB'],
      [text === null, 'it is no text'],
      [text?.trim() === '', 'it is empty'],
      [files.length > mostFiles, `a gist has at most ${mostFiles} files`],
    ].find(([applies]) => applies);
    if (fault || text === null) {
      const what = `"${path}" cannot go into a gist: ${fault?.[1]}.`;
      return refuse(failures.invalid('files', what, 'Save it otherwise, or publish into a repository.'));
    }
    texts[path] = text;
  }
  const fault = faultInNames(parcel);
  if (fault) refuse(fault);
  return texts;
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
