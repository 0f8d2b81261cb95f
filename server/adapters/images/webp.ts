import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** Pixels, four bytes each: red, green, blue, and how much shows. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Reads a WebP with the decoder of its makers, as WebAssembly; throws where it is damaged. */
export async function decodeWebp(bytes: Uint8Array): Promise<Pixels> {
  const { default: start } = await import('@jsquash/webp/codec/dec/webp_dec.js');
  const decoder = await (start as unknown as Start)({
    noInitialRun: true,
    wasmBinary: await decoderProgram(),
  });
  const pixels = decoder.decode(bytes);
  if (!pixels) throw new Error('its pixels cannot be read.');
  return pixels;
}

/** How the decoder is started, and what it does then. */
type Start = (options: {
  noInitialRun: boolean;
  wasmBinary: Uint8Array;
}) => Promise<{ decode(bytes: Uint8Array): Pixels | null }>;

const name = 'webp_dec.wasm';

/** The program of the decoder: beside the bundle, plain or packed as a vsix carries it, else in its package in the source tree. */
async function decoderProgram(): Promise<Uint8Array> {
  const here = path.dirname(fileURLToPath(import.meta.url));
  for (const folder of [here, path.join(here, '..')]) {
    const bytes = await readFile(path.join(folder, name)).catch(() => null);
    if (bytes) return bytes;
    const packed = await readFile(path.join(folder, `${name}.br`)).catch(() => null);
    if (packed) return promisify(brotliDecompress)(packed);
  }
  const source = createRequire(import.meta.url).resolve(`@jsquash/webp/codec/dec/${name}`);
  return readFile(source);
}
