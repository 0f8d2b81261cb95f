import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Thrown where an answer is packed in a way that is not known; the message names it. */
export class Packed extends Error {}

/** The codings that are asked for; `deflate` is not, for servers mean two different things by it. */
export const knownCodings = 'gzip, br';

/** An answer's body: what is packed once is unpacked as it comes, anything else is not looked into (`Packed`). */
export function unpacked(answer: IncomingMessage): Readable {
  const coding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity' || coding === '') return answer;
  const make = codings[coding];
  if (!make) throw new Packed(coding);
  return pipeline(answer, make(), () => {});
}

/** How an answer is packed that could not be unpacked; `null` where an error is no fault of the packing. */
export function whyPacked(error: unknown): string | null {
  if (error instanceof Packed) return `as ${error.message.slice(0, 100)}`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(Z_DATA_ERROR|Z_NEED_DICT|ERR__ERROR_FORMAT)/.test(code) ? 'otherwise than it says' : null;
}

const codings: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};
