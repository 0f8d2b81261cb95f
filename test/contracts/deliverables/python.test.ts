import assert from 'node:assert/strict';
import { type Ground, makeGround } from '../tools/ground.ts';
import { lookAt } from './looking.ts';

describe('a look at Python', () => {
  let ground: Ground;
  before(async () => {
    ground = await makeGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  const look = async (contents: Record<string, string>) => (await lookAt(ground, 'code', contents)).lines;

  it('finds nothing in what is as it should be', async () => {
    assert.deepEqual(await look(whole), []);
  });

  it('says at which line the grammar does not read it, as far as that is known', async () => {
    const lines = await look(Object.fromEntries(broken.map(([text], index) => [`${index}.py`, text])));
    const wanted = broken.map(([, line], index) => `${index}.py${line === null ? '' : `:${line}`} ${unread}`);
    assert.deepEqual(lines, wanted);
  });

  it('finds that it is not read wherever a sign of it is lost', async () => {
    const text =
      'def a(b, *, c=(1, 2)):\n    if b[0] == {"d": f"{c!r:>{b}}"}:\n        return [e for e in c]\n    raise B("x")\n';
    const signs = [...text.matchAll(/[()[\]{}:"]/g)].map(({ index }) => index);
    const files = signs.map((at) => [`${at}.py`, text.slice(0, at) + text.slice(at + 1)] as const);
    const lines = await look(Object.fromEntries(files));
    const found = new Set(
      lines.filter((line) => line.endsWith(unread)).map((line) => Number.parseInt(line, 10)),
    );
    // Without its colon, `{"d" f"…"}` is a set of one string.
    const left = signs.filter((at) => !found.has(at)).map((at) => text.slice(at, at + 3));
    assert.deepEqual(left, [': f']);
  });

  it('says of what is newer than the grammar no more than that Python may read it', async () => {
    const lines = await look({
      'lazy.py': '\nlazy import json\n',
      'default.py': '\ntype A[T = int] = list[T]\n',
    });
    assert.deepEqual(
      lines,
      ['lazy.py', 'default.py'].map((path) => `${path}:2 ${unread}`),
    );
  });

  it('comes to an end soon with hostile files, and says which it did not read', async () => {
    const many = 60_000;
    const lines = await look({
      'a.py': '('.repeat(many),
      'b.py': `x = ${'-'.repeat(many)}1`,
      'c.py': "f'{".repeat(many / 3),
      'd.py': 'lambda:'.repeat(many / 7),
      'e.py': '@a\n'.repeat(many / 3),
      'f.py': `x = ${'a if b else '.repeat(many / 12)}c`,
      'g.py': Array.from({ length: 500 }, (_, step) => `${' '.repeat(step)}if a:\n`).join(''),
      'h.py': 'x = 1\n'.repeat(50_000),
      'fine.py': `x = ${'[1], '.repeat(many / 5)}\ny = a${'.b'.repeat(many / 2)}${' '.repeat(many)}\n`,
      'after.py': '\nx = (\n',
    });
    assert.deepEqual(lines, [
      ...['a.py', 'c.py', 'd.py', 'e.py'].map((path) => `${path} ${unread}`),
      `after.py:2 ${unread}`,
      '* Nothing here parses these, so they were not checked: 1 .py.',
    ]);
  });
});

const unread = 'The grammar of Python does not read it here, though Python may.';

/** What every line of is right. */
const whole = {
  'plain.py': `#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Doc."""
from __future__ import annotations
import os.path as p, sys
from . import a
from ...b.c import (d as e, f,)
from g import *

@decorate(1)[0]
class A(B, metaclass=C, **kw):
    x: int = 1; y: str
    def f(self, a, /, b=1, *args: int, c, d=2, **kw) -> None: ...
    async def g(self, *, a):
        async with a as b, c: await b
        async for x, *y in z: yield x
        return [i async for i in a if await i]

def generator():
    x = yield
    y = yield from (yield)
    yield
    yield 1, *x
    print((lambda: (yield))(), lambda *a, k=1, **b: a)
    global q
    def inner(): nonlocal x
    return *x, 1

if (n := len(p)) > 1_000 and not n in (1,) or n is not None: pass
elif x if y else z: pass
else: del x[0], (y.z, [w])
while True:
\tif x: break
\telse: continue
else:
\tpass
for x, in y: pass
for x[0], (y.z, *w) in 1, *z:
    pass
try: pass
except (A, B) as e: raise C from e
except: raise
else: pass
finally: pass
try: pass
except* E: pass
with (open(a) as b, open(c) as d,): pass
with (a), (b): pass
with (a, b) as c: pass
with (yield_) as x.y, z: pass
assert x, "y"
x = y = *a, b
x += 1; x @= y; x[1:2, ::3, *a, ...] = 0x_ff, 0o17, 0b1, 1e-5, 1.j, .5, 00, 1if x else 2
{**a, 'b': 1, **c}; {*a, 1}; {a: b for a, b in c}; {a for a in b for c in d if e}; {}; ()
f(a, *b, c=1, *d, **e); f(x for x in y)
-x ** -y; not a < b <= c != d; ~a | b ^ c & d << 1 >> 2
print, match, case, type, _ = 1, 2, 3, 4, 5
match[1]: int
match.x = case (type)
\f
x = 1 \\
    + 2
if x:
        y
# less deep
        z
`,
  'strings.py':
    'a = r"\\\\", b"\\xff", rb\'\\d\', u"\\N{BULLET}", "\\u00e9" "b" f"c"\n' +
    "b = '''a'b''c\"\"\"\n''' + \"\\\n\"\n" +
    'c = f"{a}{{}}{b!r:>{c}.{d}}{e=}{f = !s:x}{g != h}{i:%H:%M}{j:^5}{k["l"]}{(lambda: 1)()}{ {1: 2}[1] }\\N{BULLET}"\n' +
    "d = rf'\\{a}\\d'\n" +
    "e = f'''{\n a # b\n}\n{b}'''\n",
  'new.py': `type A[T: int, *U, **P] = list[T]
type = type_
def f[T](a: T, *b: *U) -> T: pass
class B[T: int]: pass
match x, *y:
    case 1 | -2.5 | 3 + 4j | "a" "b" | None: pass
    case [a, *_, (b, c)] if a > b: pass
    case {"a": 1, A.b: [_], **rest} | {}: pass
    case A.B(1, c=[2], d=x) as y: pass
    case *a, b: pass
    case (a) | (): pass
    case _:
        pass
try: pass
except A, B: pass
t = t"{x!r:{y}}"
`,
  'windows.pyw': 'if a:\r\n    b\r\n\r\nc = (\r\n1)\r\n',
  'stub.pyi': '\ufeffdef f(a: int = ...) -> None: ...\n',
  'empty.py': '',
  'comment.py': '  # nothing else',
  'umlaut.py': 'größe = "ü" # ß',
};

/** What is not read, and after each the line that is said; `null` where it is none, for the fault is all of it. */
const broken: readonly (readonly [string, number | null])[] = [
  ['a = 1\nif a\n  b', 2],
  ['a\n\nf(a]', 3],
  ['a\na)', 2],
  ["a\na = 'b\n'", 2],
  ['a\n"""b\n', 2],
  ['a\nf"}"', 2],
  ['a\nf() = 1', 2],
  ['a\na ? b', 2],
  ['a\na b', 2],
  ['a\na = ', 2],
  ['a\nx = 5 +', 2],
  ['a\nmatch a:\n  b', 3],
  ['a\ndef f(a, b:\n    return a\n', 2],
  ['a\nclass A\n  b = 1', 2],
  ['a\nx = {1: 2, 3:}', 2],
  ['a\nfrom a import', 2],
  ['a\ndef f():\n    a = {\n        "b": [1, 2,\n    }\n    return a\n', 4],
  ['a\nimport a as', 2],
  ['if a\n  b', null],
];
