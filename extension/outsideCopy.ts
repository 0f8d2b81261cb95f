import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Whether the bytes are those of a PDF, which is all that another program is given: nothing of one runs here. */
export function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_024)).includes('%PDF-');
}

/** Writes a PDF where another program can read it, into a new folder that is the person's own; answers the file. */
export async function copyOutside(name: string, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'butler-'));
  const stem = path.basename(name).replace(/\.pdf$/i, '');
  const plain =
    stem
      .replace(/[^\p{L}\p{N}_ -]+/gu, '_')
      .slice(0, 80)
      .trim() || 'document';
  const file = path.join(folder, `${plain}.pdf`);
  await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
  return file;
}
