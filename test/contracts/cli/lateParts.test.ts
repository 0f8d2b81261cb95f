import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';

const dist = path.join(import.meta.dirname, '../../../dist');

describe('what the worker and the command line load late', () => {
  it('has what is asked of it by name, which a package that is no ES module has not once it is bundled', async () => {
    const asked: string[] = [];
    const missing: string[] = [];
    for await (const file of glob('**/*.mjs', { cwd: dist })) {
      const text = await readFile(path.join(dist, file), 'utf8');
      for (const [, names = '', part = ''] of text.matchAll(late)) {
        const given = namesOf(await readFile(path.join(dist, path.dirname(file), part), 'utf8'));
        asked.push(part);
        for (const name of names.split(',').map((one) => one.split(':')[0]?.trim() ?? ''))
          if (name !== '' && !given.has(name)) missing.push(`${name} of ${part}, asked by ${file}`);
      }
    }
    assert.ok(asked.length > 10, 'late parts are found');
    assert.deepEqual(missing, []);
  });
});

const late = /\{([^{}=]*)\} = await import\("(\.[^"]+)"\)/g;

/** What a part that esbuild wrote gives to others. */
function namesOf(text: string): Set<string> {
  const list = /export \{([^{}]*)\};?\s*$/.exec(text)?.[1] ?? '';
  const names = list.split(',').map((one) => one.split(' as ').at(-1)?.trim() ?? '');
  return new Set(/^export default /m.test(text) ? [...names, 'default'] : names);
}
