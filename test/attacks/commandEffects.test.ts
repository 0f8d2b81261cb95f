import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createShellParser } from '../../server/adapters/shells/treeSitter.ts';
import { filePrograms } from '../../server/core/command/filePrograms.ts';
import type { ProgramTable } from '../../server/core/command/programRule.ts';
import { understand } from '../../server/core/command/read.ts';
import { scriptPrograms } from '../../server/core/command/scriptPrograms.ts';
import { textPrograms } from '../../server/core/command/textPrograms.ts';
import type { Program } from '../../server/core/command/understanding.ts';
import { type Ground, makeGround } from '../contracts/tools/ground.ts';
import { skipBecause } from '../run/countReporter.ts';

/** Which of the options are tried: a part of them by the seed, all of them before a release. */
const parts = process.env.BUTLER_FUZZ ? 1 : 6;
const seed = Number(process.env.BUTLER_SEED ?? Date.now() % 2 ** 31);

/** After so many ms a program is ended: two of them follow a file for ever, all others are done long before. */
const longest = 5_000;

/** Such as say nothing of a file, or wait. */
const left = new Set(['cd', 'exit', 'sleep', 'set', 'type', 'test', 'sed in place', 'ps', 'df']);

const files = { 'notes.txt': 'n\nn\n', 'data.csv': 'a,b\n', 'src/a.ts': 'a', 'src/b.ts': 'b' };

const fixed = [
  'cp notes.txt copy.txt',
  'cp -r src lib',
  'cp notes.txt data.csv src',
  'cp -t src notes.txt',
  'mv notes.txt other.txt',
  'mv notes.txt data.csv src',
  'mkdir -p a/b/c',
  'rm -rf src notes.txt',
  "sed -i 's/n/m/' notes.txt",
  "sed -i -e 's/n/m/' notes.txt data.csv",
  'sort -o sorted.txt notes.txt',
  'sort notes.txt > sorted.txt',
  'uniq notes.txt unique.txt',
  'xxd notes.txt dump.txt',
  'tee one.txt two.txt < notes.txt',
  'dd if=notes.txt of=dumped.txt',
  'tar -cf all.tar src',
  'touch -r notes.txt new.txt',
  'truncate -s 0 notes.txt',
  'chmod +x notes.txt',
  'cat notes.txt >> data.csv 2> errors.txt',
  "cat <<'END' > made.txt\ntext\nEND",
  'cd src && rm a.ts && cp b.ts c.ts',
  'ls &> listing.txt',
];

describe('what a program changes', function () {
  this.timeout(300_000);
  const parser = createShellParser();

  it('is what it was understood to change, with every option that is known', async function () {
    if (process.platform === 'win32') skipBecause(this, 'the paths are those of Unix');
    const options = withEveryOption({ ...filePrograms, ...textPrograms, ...scriptPrograms });
    let clear = 0;
    let ground = await makeGround(files);
    for (const text of [...fixed, ...options.filter((_, at) => at % parts === seed % parts)]) {
      const { programs, unclear } = understand('bash', await parser.parse('bash', text), text);
      if (unclear.length > 0) continue;
      clear++;
      const changes = await changesOf(text, ground);
      const strange = changes.filter((path) => !isTold(path, programs));
      if (changes.length > 0) {
        await ground[Symbol.asyncDispose]();
        ground = await makeGround(files);
      }
      assert.deepEqual(strange, [], `${text}; seed ${seed}`);
    }
    await ground[Symbol.asyncDispose]();
    assert.ok(clear > options.length / parts / 2, `only ${clear} of them are understood`);
  });
});

/** Each program with each option that its rule lists, on two files. */
function withEveryOption(table: ProgramTable): string[] {
  return Object.entries(table).flatMap(([name, { flags = '', values = {}, oneDash }]) => {
    if (left.has(name)) return [];
    const options = flags
      .split(' ')
      .filter((flag) => /^-|^[A-Za-z0-9]+$/.test(flag))
      .map((flag) => (flag.startsWith('-') ? flag : `-${flag}`));
    const valued = Object.keys(values).map((option) => `${option} 1`);
    const files = oneDash
      ? (option: string) => `notes.txt ${option}`
      : (option: string) => `${option} notes.txt data.csv`;
    return [...options, ...valued, ''].map((option) => `${name} ${files(option)}`.replaceAll('  ', ' '));
  });
}

/** The paths that running a command changes, by their names in the folder. */
async function changesOf(text: string, { workspace, snapshot }: Ground): Promise<string[]> {
  const before = await snapshot();
  const child = spawn('/bin/bash', ['--noprofile', '--norc', '-c', text], {
    cwd: workspace,
    env: { PATH: '/usr/bin:/bin', HOME: workspace, LC_ALL: 'C' },
    stdio: 'ignore',
    detached: true,
  });
  const stop = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), longest);
  await once(child, 'exit');
  clearTimeout(stop);
  const after = await snapshot();
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]);
}

function isTold(path: string, programs: readonly Program[]): boolean {
  const told = programs.flatMap(({ touches }) => touches.filter(({ act }) => act !== 'read'));
  return told.some(
    (touch) => path === touch.path || path.startsWith(`${touch.path}/`) || touch.path.startsWith(`${path}/`),
  );
}
