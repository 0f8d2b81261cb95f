import { type Checked, check } from '../../../server/adapters/deliverables/check.ts';
import { mimeOf } from '../../../server/adapters/tools/files/deliver.ts';
import type { Ground } from '../tools/ground.ts';

/** Files by their paths. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

/** Looks at files; the findings come as lines, with `!` before what is severe. */
export async function lookAt(
  { blobs }: Pick<Ground, 'blobs'>,
  type: string,
  contents: Contents,
  signal = new AbortController().signal,
): Promise<{ lines: string[]; media: Checked['media'] }> {
  const files = await Promise.all(
    Object.entries(contents).map(async ([path, content]) => {
      const bytes = Buffer.from(content);
      return { path, digest: await blobs.put(bytes), size: bytes.length, mime: mimeOf(path) };
    }),
  );
  const { findings, media } = await check({ type, files }, blobs, signal);
  const lines = findings.map(
    ({ file, line, what, severe }) =>
      `${severe ? '! ' : ''}${file ?? '*'}${line === undefined ? '' : `:${line}`} ${what}`,
  );
  return { lines, media };
}
