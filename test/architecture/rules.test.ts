import assert from 'node:assert/strict';
import { cyclesOf } from './cycles.ts';
import { importsOf } from './imports.ts';
import { layerBreaches } from './layers.ts';
import { moduleStateBreaches, worldBreaches } from './purity.ts';
import type { Breach, Tree } from './tree.ts';
import { exportBreaches, lengthBreaches, nameBreaches, wordBreaches } from './wording.ts';

/** A tree with the named file and the targets that samples point to. */
function treeOf(files: Record<string, string>): Tree {
  return new Map(Object.entries({ 'server/core/jobs.ts': '', 'server/adapters/disk.ts': '', ...files }));
}

const importing: Record<string, [file: string, text: string]> = {
  'a static import': ['server/core/a.ts', "import { x } from '../adapters/disk.ts';"],
  'a type-only import': ['server/core/a.ts', "import type { X } from '../adapters/disk.ts';"],
  'an inline type import': ['server/core/a.ts', "import { type X } from '../adapters/disk.ts';"],
  'an import in a type': ['server/core/a.ts', "type X = import('../adapters/disk.ts').X;"],
  'a side-effect import': ['server/core/a.ts', "import '../adapters/disk.ts';"],
  'a dynamic import': ['server/core/a.ts', "const x = await import('../adapters/disk.ts');"],
  'a dynamic import by template': ['server/core/a.ts', 'const x = import(`../adapters/disk.ts`);'],
  'a dynamic import of a computed name': ['server/core/a.ts', 'const x = import(name);'],
  'a re-export': ['server/core/a.ts', "export { x } from '../adapters/disk.ts';"],
  'a re-export of types': ['server/core/a.ts', "export type { X } from '../adapters/disk.ts';"],
  'a re-export of everything': ['server/core/a.ts', "export * as x from '../adapters/disk.ts';"],
  'a require': ['server/core/a.ts', "const x = require('../adapters/disk.ts');"],
  'a reference': ['server/core/a.ts', '/// <reference path="../adapters/disk.ts" />'],
  'an import behind a template': [
    'server/core/a.ts',
    `const a = \`\${1}'\`; import b from '../adapters/disk.ts';`,
  ],
  'an import behind a regular expression': [
    'server/core/a.ts',
    "const a = /['\"`]/; import '../adapters/disk.ts';",
  ],
  'an import of a test beside': ['server/core/a.test.ts', "import '../adapters/disk.ts';"],
  'protocol using core': ['server/protocol/a.ts', "import type { J } from '../core/jobs.ts';"],
  'extension using core': ['extension/a.ts', "import type { J } from '../server/core/jobs.ts';"],
  'webview using core': ['webview/a.tsx', "import type { J } from '../server/core/jobs.ts';"],
  'webview using the extension': ['webview/a.tsx', "import { x } from '../extension/main.ts';"],
  'the product using a test': ['server/main/a.ts', "import { x } from '../../test/page/stage.ts';"],
  'core using Node': ['server/core/a.ts', "import { readFile } from 'node:fs/promises';"],
  'core using Node by its old name': ['server/core/a.ts', "import type { Stats } from 'fs';"],
  'core using a package': ['server/core/a.ts', "import { Kysely } from 'kysely';"],
  'core using VS Code': ['server/core/a.ts', "import type * as vscode from 'vscode';"],
  'protocol using Node': ['server/protocol/a.ts', "import { createHash } from 'node:crypto';"],
  'webview using Node': ['webview/a.ts', "import path from 'node:path';"],
  'webview using VS Code': ['webview/a.ts', "import type { Uri } from 'vscode';"],
  'extension using a page library': ['extension/a.ts', "import { render } from 'preact';"],
  'extension using the store': ['extension/a.ts', "import Database from 'better-sqlite3-multiple-ciphers';"],
  'worker using a page library': ['server/main/a.ts', "import DOMPurify from 'dompurify';"],
  'worker using VS Code': ['server/main/a.ts', "import { workspace } from 'vscode';"],
};

const refused: Record<string, [rule: (tree: Tree) => Breach[], file: string, text: string]> = {
  'a clock in core': [worldBreaches, 'server/core/a.ts', 'export const now = () => Date.now();'],
  'a new date in core': [worldBreaches, 'server/core/a.ts', 'export const now = () => new Date();'],
  'a timer in core': [worldBreaches, 'server/core/a.ts', 'setTimeout(() => {}, 1);'],
  'chance in core': [worldBreaches, 'server/core/a.ts', 'export const x = Math.random();'],
  'the process in core': [worldBreaches, 'server/core/a.ts', 'export const x = process.env;'],
  'a module-level let': [
    moduleStateBreaches,
    'server/main/a.ts',
    'let count = 0;\nexport const a = () => count++;',
  ],
  'a file of 251 lines': [lengthBreaches, 'server/main/a.ts', 'x\n'.repeat(251)],
  'a file called utils': [nameBreaches, 'server/main/utils.ts', ''],
  'a file called jobManager': [nameBreaches, 'server/main/jobManager.ts', ''],
  'a folder called helpers': [nameBreaches, 'test/helpers/a.ts', ''],
  'a name in kebab case': [nameBreaches, 'server/main/job-runner.ts', ''],
  'any as a type': [wordBreaches, 'server/main/a.ts', 'export const a = (b: any) => b;'],
  'any in a cast': [wordBreaches, 'server/main/a.ts', 'export const a = 1 as any;'],
  'any as an argument of a type': [wordBreaches, 'server/main/a.ts', 'export type A = Map<string, any>;'],
  'any in an array': [wordBreaches, 'server/main/a.ts', 'export type A = { a: any[] };'],
  'a silenced type check': [wordBreaches, 'server/main/a.ts', '// @ts-ignore\nexport const a = 1;'],
  'a silenced linter': [wordBreaches, 'server/main/a.ts', '// biome-ignore lint: no\nexport const a = 1;'],
  'a promise for later': [wordBreaches, 'server/main/a.ts', '/**\n * TODO: more\n */'],
  'a test switched off': [wordBreaches, 'server/main/a.test.ts', "it.skip('a', () => {});"],
  'a test alone': [wordBreaches, 'server/main/a.test.ts', "describe.only('a', () => {});"],
  'a re-exporting file': [exportBreaches, 'server/main/a.ts', "export { b } from './b.ts';"],
};

const allowed: Record<string, [file: string, text: string]> = {
  'an import in a comment': ['server/core/a.ts', "// import '../adapters/disk.ts';"],
  'an import in a string': ['server/core/a.ts', 'const a = "import \'../adapters/disk.ts\'";'],
  'an import in a template': ['server/core/a.ts', `const a = \`\${b} import '../adapters/disk.ts'\`;`],
  'along the arrows': [
    'server/main/a.ts',
    "import type { J } from '../core/jobs.ts'; import '../adapters/disk.ts';",
  ],
  'Node in a test of core': ['server/core/a.test.ts', "import assert from 'node:assert/strict';"],
  'words that only look alike': [
    'server/main/a.ts',
    "const scope = 'any'; AbortSignal.any([]); const any = 1; const x = { any: any ? 1 : 0, b: f(any) }; /** Finds TODO comments. */",
  ],
  'an export of what was imported for use': ['server/main/a.ts', "import { b } from './b.ts'; export { c };"],
  'a let in a function': ['server/main/a.ts', 'export function a() { let b = 0; return b++; }'],
  'a date of a known time': ['server/core/a.ts', 'export const a = (time: number) => new Date(time);'],
};

describe('the architecture test', () => {
  for (const [what, [file, text]] of Object.entries(importing)) {
    it(`catches ${what} against the arrows`, () => {
      assert.equal(layerBreaches(treeOf({ [file]: text })).length, 1);
    });
  }

  for (const [what, [rule, file, text]] of Object.entries(refused)) {
    it(`catches ${what}`, () => assert.equal(rule(treeOf({ [file]: text })).length, 1));
  }

  for (const [what, [file, text]] of Object.entries(allowed)) {
    it(`lets pass ${what}`, () => {
      const tree = treeOf({ [file]: text });
      const rules = [layerBreaches, worldBreaches, moduleStateBreaches, wordBreaches, exportBreaches];
      assert.deepEqual(
        rules.flatMap((rule) => rule(tree)),
        [],
      );
    });
  }

  it('catches a ring of two files in one folder, by types alone', () => {
    const tree = treeOf({
      'server/core/a.ts': "import type { B } from './b.ts';",
      'server/core/b.ts': "export type B = import('./a.ts').A;",
    });
    assert.deepEqual(cyclesOf(tree), [['server/core/a.ts', 'server/core/b.ts', 'server/core/a.ts']]);
  });

  it('catches a ring of three files across folders, whatever leads into it', () => {
    const tree = treeOf({
      'server/main/z.ts': "import './x/a.ts';",
      'server/main/x/a.ts': "import '../y/b.ts';",
      'server/main/y/b.ts': "export * from '../c.ts';",
      'server/main/c.ts': "const a = () => import('./x/a.ts');",
    });
    assert.equal(cyclesOf(tree).length, 1);
    assert.equal(cyclesOf(tree)[0]?.length, 4);
  });

  it('names the line of an import', () => {
    assert.equal(importsOf("\n\n/* two\nlines */ import 'x';")[0]?.line, 4);
  });
});
