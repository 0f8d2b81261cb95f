import assert from 'node:assert/strict';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';

/** The door as ES modules: what it imports at once, and apart from it what it imports late. */
async function bundled(): Promise<Metafile['outputs']> {
  const { metafile } = await build({
    ...{ absWorkingDir: path.join(import.meta.dirname, '..'), entryPoints: ['extension/main.ts'] },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', packages: 'external' },
    ...{ outdir: 'build/none', write: false, metafile: true, logLevel: 'silent' },
  });
  return metafile.outputs;
}

/** The files and packages that are read with an output before anything of it runs. */
function readWith(name: string, outputs: Metafile['outputs']): string[] {
  const { inputs = {}, imports = [] } = outputs[name] ?? {};
  const atOnce = imports.filter(({ kind }) => kind === 'import-statement');
  return [
    ...Object.keys(inputs),
    ...atOnce.flatMap((one) => (one.external ? [one.path] : readWith(one.path, outputs))),
  ];
}

describe('the door of the extension', () => {
  it('reads no schema, no package and nothing of the worker before the first use', async () => {
    const read = readWith('build/none/main.js', await bundled());
    assert.ok(read.includes('extension/main.ts'));
    const others = read.filter((one) => !/^(extension\/|node:|vscode$)/.test(one));
    assert.deepEqual(others, []);
  });
});
