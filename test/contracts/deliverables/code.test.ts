import assert from 'node:assert/strict';
import { type Ground, makeGround } from '../tools/ground.ts';
import { lookAt } from './looking.ts';

describe('a look at code', () => {
  let ground: Ground;
  before(async () => {
    ground = await makeGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  const look = async (contents: Record<string, string>) => (await lookAt(ground, 'code', contents)).lines;

  it('parses what it can, and says what it did not', async () => {
    const lines = await look({
      'a.json': '{\n  "a": 1,\n}',
      'tsconfig.json': '{ /* why */ "a": 1, }',
      'b.js': '#!/usr/bin/env node\nconst a = 1;\nfunction ( {',
      'e.py': 'x =\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n',
      'f.rs': '// =======\n',
      'old.py': '#!/usr/bin/python2\nprint 1\n',
      'other.sh': '#!/usr/bin/env zsh\nfor a (b c) d\n',
      'g.jsx': 'export const a = <b/>;',
      'h.js': 'const a = <b/>;',
      'deep.json': '['.repeat(200_000),
    });
    assert.deepEqual(lines, [
      '! a.json:3 It is no JSON: Property Name Expected.',
      '! b.js:3 It does not parse: Function statements require a function name.',
      '! e.py:2 A conflict of a merge was left in it.',
      '! deep.json It is nested too deep to be read.',
      '* Nothing here parses these, so they were not checked: 1 .rs, 1 .py, 1 .sh, 1 .jsx, 1 .js.',
    ]);
  });

  it('finds nothing in scripts and modules that are as they should be', async () => {
    const lines = await look({
      'module.mjs':
        "#!/usr/bin/env node\nimport a from 'b' with { type: 'json' };\nexport default await a();",
      'module.js': 'export * from "./x.js"; await 1; import.meta.url;',
      'waits.js': 'await fetch("x");',
      'script.js': 'with (a) { b } var c = 010; delete c;',
      'common.cjs': 'const fs = require("fs");\nif (fs) return;\nmodule.exports = 1;',
      'common.js': 'return exports;',
      'new.mjs': 'class A { #b = 1; static { } get c() { return #b in this; } }',
    });
    assert.deepEqual(lines, []);
  });

  it('finds nothing in TypeScript that is as it should be', async () => {
    const lines = await look({
      'a.ts':
        'export enum A { B }\nnamespace N { export const z = 1 }\nconst a = <string>b satisfies unknown;',
      'b.ts': '@dec() export class A<T> { constructor(@Inject() private readonly x: T) {} @y z?: number; }',
      'c.mts': "import type { A } from './a.ts';\nawait using b = await c<A>();\nexport abstract class D {}",
      'd.cts': "import fs = require('fs');\nexport = fs;",
      'e.d.ts': "declare module 'x' { export function f(a: string): void; }\ndeclare global {}",
    });
    assert.deepEqual(lines, []);
  });

  it('finds the line at which a module or TypeScript does not parse', async () => {
    const lines = await look({
      'a.mjs': "import a from 'b';\n\nexport const c = ;",
      'b.js': "import a from 'b';\nexport const c = a(;",
      'c.mjs': 'const a = 1;\nconst a = 2;',
      'd.ts': 'export const a: string = "b";\nexport function (a: ) {}',
      'e.cjs': 'export const a = 1;',
    });
    assert.deepEqual(lines, [
      "! a.mjs:3 It does not parse: Unexpected token ';'.",
      "! b.js:2 It does not parse: Unexpected token ';'.",
      "! c.mjs It does not parse: Identifier 'a' has already been declared.",
      '! d.ts:2 It does not parse: Expected ident.',
      "! e.cjs:1 It does not parse: Unexpected token 'export'.",
    ]);
  });

  it('finds nothing in scripts that the grammar of bash reads, and says of others that it may not know them', async () => {
    const lines = await look({
      'fine.sh': '#!/bin/sh -e\nfor a in "$@"; do\n  [ -f "$a" ] && cat <<E || exit 1\n$(b)\nE\ndone\n',
      'array.bash': '#!/usr/bin/env bash\ndeclare -A a=([b]=c)\n[[ $b =~ ^c ]] && echo "$a"\n',
      'none.sh': '',
      'open.sh': 'a\nif b; then\n  c "d\n',
      'end.sh': 'a\n( b\n) )\n',
    });
    assert.deepEqual(lines, [
      'open.sh The grammar of bash does not read it here, though bash may.',
      'end.sh:3 The grammar of bash does not read it here, though bash may.',
    ]);
  });

  it('looks at what comes after a hostile file as if that had not been there', async () => {
    const lines = await look({
      'a.ts': `${'('.repeat(50_000)}${')'.repeat(50_000)}`,
      'b.mjs': '['.repeat(500_000),
      'c.ts': 'const a: = 1;',
      'd.ts': 'const a: number = 1;',
    });
    assert.deepEqual(lines, [
      '! c.ts:1 It does not parse: Unexpected token `=`.',
      '* Nothing here parses these, so they were not checked: 1 .ts, 1 .mjs.',
    ]);
  });
});
