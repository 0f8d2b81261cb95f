import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { edgesOf, ownSources, root } from './tree.ts';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };

/** Rows of the tables of a document, each as its cells; heads are left out. */
function rowsOf(file: string): string[][] {
  const lines = read(file).split('\n');
  const rows = lines.filter(
    (line, index) => /^\|/.test(line) && !/^\|[-| ]+\|$/.test(lines[index + 1] ?? ''),
  );
  return rows
    .filter((line) => !/^\|[-| ]+\|$/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What stands between backticks in a text. */
function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, found]) => found ?? '');
}

describe('the documents', () => {
  const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root });

  it('and whoever names the version name that of the package', () => {
    const naming = ['server/main/cli/program.ts', 'server/adapters/mcp/link.ts'];
    for (const file of naming) assert.ok(read(file).includes(`'${manifest.version}'`), file);
  });

  it('link to files that exist', () => {
    const missing = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, link]) => link ?? '')
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => !existsSync(path.join(root, path.dirname(file), link)))
        .map((link) => `${file} → ${link}`),
    );
    assert.deepEqual(missing, []);
  });

  it('name npm scripts that exist', () => {
    const known = new Set(['ci', ...Object.keys(manifest.scripts)]);
    const missing = documents.flatMap((file) =>
      [...read(file).matchAll(/npm (?:run )?(ci|test(?![\w:])|start|[a-z]+(?::[a-z]+)?)(?=[\s`&]|$)/gm)]
        .filter(([whole, name]) => whole.startsWith('npm run') && !known.has(name ?? ''))
        .map(([whole]) => `${file}: ${whole}`),
    );
    assert.deepEqual(missing, []);
  });

  it('name each dependency of package.json with its licence, and no other', () => {
    const rows = rowsOf('docs/dependencies.md');
    const named = rows.map(([name]) => name?.replaceAll('`', ''));
    assert.deepEqual(named, Object.keys(dependencies).sort());
    for (const [name, kept, licence, why] of rows) {
      const folder = name?.replaceAll('`', '') ?? '';
      const manifest = JSON.parse(read(`node_modules/${folder}/package.json`));
      assert.equal(licence, manifest.license ?? manifest.licenses?.[0]?.type, folder);
      assert.match(kept ?? '', /^(shipped|build|test)$/);
      assert.ok((why ?? '').length > 10, `${folder} needs a reason`);
    }
  });

  it('say of every row of the specification how far it works, and by which test', () => {
    const counts = { A: 7, B: 8, C: 12, D: 7, E: 3, F: 3 };
    const ids = Object.entries(counts).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    const rows = rowsOf('docs/coverage.md');
    assert.deepEqual(
      rows.map(([id]) => id),
      ids,
    );
    for (const [id, , state, tests = ''] of rows) {
      assert.match(state ?? '', /^(works|partly|not yet)$/, id);
      const files = quoted(tests);
      for (const file of files) assert.ok(existsSync(path.join(root, file)), `${id}: ${file} does not exist`);
      assert.equal(state === 'not yet', files.length === 0, `${id} is "${state}" with ${files.length} tests`);
    }
  });

  it('draw a code map of folders and files that exist, and invariants with tests that exist', () => {
    const text = read('ARCHITECTURE.md');
    const paths = quoted(text).filter((one) =>
      /^(server|extension|webview|test|bench|docs|examples|scripts)\//.test(one),
    );
    const missing = paths.filter((one) => !existsSync(path.join(root, one)));
    assert.deepEqual(missing, []);
    const invariants = rowsOf('ARCHITECTURE.md').filter(([first]) => /^\d+$/.test(first ?? ''));
    assert.ok(invariants.length >= 10);
    for (const [number, , tests = ''] of invariants) {
      assert.ok(quoted(tests).length > 0, `invariant ${number} names no test`);
    }
  });

  it('name a test for every promise that SECURITY.md makes, and say of the others that there is nothing yet', () => {
    const promises = rowsOf('SECURITY.md').filter(([id]) => /^S\d+$/.test(id ?? ''));
    const ids = promises.map(([id]) => id);
    assert.deepEqual(
      ids,
      Array.from({ length: 16 }, (_, index) => `S${index + 1}`),
    );
    for (const [id, promise = '', tests = ''] of promises) {
      assert.equal(quoted(tests).length === 0, /yet$/.test(promise), `${id} names no test`);
    }
    const paths = quoted(read('SECURITY.md')).filter((one) => /^(server|test)\//.test(one));
    assert.deepEqual(
      paths.filter((one) => !existsSync(path.join(root, one))),
      [],
    );
  });
});

describe('package.json', () => {
  it('declares every package that our source imports, or its types', () => {
    const missing = edgesOf(ownSources()).flatMap(({ from, specifier }) => {
      if (specifier === null || /^(\.|node:|\/)/.test(specifier) || specifier === 'vscode') return [];
      const parts = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
      const names = [parts.join('/'), `@types/${parts.join('/')}`];
      return names.some((name) => name in dependencies) ? [] : [`${from}: ${specifier}`];
    });
    assert.deepEqual(missing, []);
  });
});
