import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** The programs of the parser: its engine and a grammar for each language that has one. */
export type Grammar = 'tree-sitter' | 'tree-sitter-bash' | 'tree-sitter-powershell' | 'tree-sitter-python';

/** Reads one of them: beside the bundle, plain or packed as a vsix carries it, else from its package. */
export async function grammarProgram(name: Grammar): Promise<Uint8Array> {
  const here = path.dirname(fileURLToPath(import.meta.url));
  for (const folder of [here, path.join(here, '..')]) {
    const file = path.join(folder, 'grammars', `${name}.wasm`);
    const plain = await readFile(file).catch(() => null);
    if (plain) return plain;
    const packed = await readFile(`${file}.br`).catch(() => null);
    if (packed) return promisify(brotliDecompress)(packed);
  }
  return readFile(createRequire(import.meta.url).resolve(`@vscode/tree-sitter-wasm/wasm/${name}.wasm`));
}
