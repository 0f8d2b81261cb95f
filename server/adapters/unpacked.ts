import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Thrown where an answer is packed in a way that is not known; the message names it. */
export class Packed extends Error {}

/** The codings that `unpacked` knows, as a request names them. */
export const knownCodings = 'gzip, br, deflate';

/** An answer's body: what is packed once is unpacked as it comes, anything else is not looked into (`Packed`). */
export function unpacked(answer: IncomingMessage): Readable {
  const coding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity' || coding === '') return answer;
  const make = codings[coding];
  if (!make) throw new Packed(coding);
  return pipeline(answer, make(), () => {});
}

const codings: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};
