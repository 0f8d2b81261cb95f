import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { createShellParser } from '../../server/adapters/shells/treeSitter.ts';
import { understand } from '../../server/core/command/read.ts';
import { skipBecause } from '../run/countReporter.ts';

/** Pieces of which lines are made: two programs that do not exist, and all that a shell gives a meaning to. */
const pieces = [
  ...[
    'p1',
    'p2',
    'p1 ',
    'p2 ',
    ' p1 ',
    ' p2 ',
    'p1 a',
    'p2 b c',
    ' ',
    '  ',
    '\t',
    '\n',
    'a',
    'b1',
    '-x',
    '--',
    '2',
  ],
  ...[
    '"',
    "'",
    '\\',
    '"a b"',
    "'c d'",
    '"a\\"b"',
    '"$"',
    "'$x'",
    '\\ ',
    '\\\n',
    '\\;',
    '$x',
    '"$x"',
    '$(p2)',
  ],
  ...[
    '"`p2`"',
    '`p2`',
    "$'\\x41'",
    '$"a"',
    '*',
    '?',
    '[a]',
    'a*',
    '{a,b}',
    '{}',
    '{1..2}',
    '@{1}',
    '~',
    'a~',
    '!',
  ],
  ...[
    '!a',
    '#',
    ' # ',
    'a#b',
    '=',
    'CI=1 ',
    'a=b',
    'a+=b',
    '(',
    ')',
    '((',
    '))',
    '{',
    '}',
    '{ ',
    '; }',
    ';',
    ';;',
  ],
  ...[
    '&&',
    ' && ',
    '||',
    ' || ',
    '|',
    ' | ',
    '|&',
    '&',
    ' & ',
    '>f1',
    ' > f1',
    '>>f2',
    '<f1',
    '2>&1',
    '&>f3',
    '>|f4',
  ],
  ...[
    '2>f1',
    '>&2',
    '>&f1',
    '<>f1',
    '<<<a',
    '<<E\n',
    "<<'E'\n",
    '\nE\n',
    'E',
    '<<-E\n',
    '<(p2)',
    '%',
    '^',
    '@',
    ',',
  ],
  ...[
    'then ',
    'if ',
    'fi',
    'do ',
    'done',
    'time ',
    'coproc ',
    'function ',
    '[[ ',
    ' ]]',
    '[ ',
    ' ]',
    'case ',
    'in ',
  ],
  ...[
    'for ',
    'while ',
    'select ',
    'until ',
    'esac',
    '%1',
    '.',
    './',
    '/',
    'é',
    'a b',
    '! ',
    '-',
    '+',
    ':',
    '\\a',
  ],
];

const line = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''));

describe('what a bash line is understood to run', function () {
  this.timeout(120_000);

  it('is what a real bash runs, word by word', async function () {
    const bash = ['/bin/bash', '/usr/bin/bash'].find((file) => existsSync(file));
    if (!bash || process.platform === 'win32') skipBecause(this, 'there is no bash to ask here');
    const seed = Number(process.env.BUTLER_SEED ?? Date.now() % 2 ** 31);
    const count = Math.min(Number(process.env.BUTLER_FUZZ ?? 4000), 30_000);
    const parser = createShellParser();
    const understood: { text: string; programs: string[] }[] = [];
    for (const text of fc.sample(line, { numRuns: count, seed })) {
      const { programs, unclear } = understand('bash', await parser.parse('bash', text), text);
      const isPattern = programs.some(({ argv }) => argv.some((word) => /[*?[]/.test(word)));
      if (unclear.length > 0 || isPattern) continue;
      understood.push({ text, programs: programs.map(({ argv }) => JSON.stringify(argv)) });
    }
    assert.ok(
      understood.length > count / 200,
      `only ${understood.length} lines are understood; seed ${seed}`,
    );
    let seen = 0;
    for (const status of [0, 1]) {
      const ran = await runByBash(
        bash,
        understood.map(({ text }) => text),
        status,
      );
      for (const [at, { text, programs }] of understood.entries()) {
        seen += ran[at]?.length ?? 0;
        const strange = (ran[at] ?? []).filter((argv) => !programs.includes(argv));
        assert.deepEqual(strange, [], `${JSON.stringify(text)} was understood as ${programs}; seed ${seed}`);
      }
    }
    assert.ok(seen > understood.length / 2, `bash ran only ${seen} programs; seed ${seed}`);
  });
});

/** What bash starts for each line, as JSON of the words, where every program is missing and ends with a status. */
async function runByBash(bash: string, lines: readonly string[], status: number): Promise<string[][]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'butler-oracle-'));
  try {
    const script = [
      `command_not_found_handle() { local note; printf -v note '\\2%s' "$@"; printf 'p%s\\2\\1' "$note" >> "$NOTES"; return ${status}; }`,
      'export -f command_not_found_handle',
      'while IFS= read -r -d "" text; do printf "n\\1" >> "$NOTES"; ( eval "$text" ) < /dev/null > /dev/null 2>&1; wait; done',
    ].join('\n');
    const notes = path.join(folder, 'notes');
    spawnSync(bash, ['--noprofile', '--norc', '-c', script], {
      cwd: folder,
      env: { PATH: '/nonexistent', NOTES: notes, LC_ALL: 'C.UTF-8' },
      input: lines.map((text) => `${text}\0`).join(''),
      timeout: 100_000,
    });
    const records = (await readFile(notes, 'utf8')).split('\x01').slice(0, -1);
    const ran: string[][] = [];
    for (const record of records) {
      if (record === 'n') ran.push([]);
      else ran.at(-1)?.push(JSON.stringify(withoutTime(record.split('\x02').slice(1, -1))));
    }
    return ran;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Behind a redirection or a setting, `time` is a program that starts another, and no word of the shell. */
function withoutTime(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'time') return argv;
  return withoutTime(argv.slice(argv[1] === '-p' ? 2 : 1));
}
