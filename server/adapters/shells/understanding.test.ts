import assert from 'node:assert/strict';
import { understand } from '../../core/command/read.ts';
import type { ShellName } from '../../core/ports/shell.ts';
import { createShellParser } from './treeSitter.ts';

const parser = createShellParser();

async function of(text: string, shell: ShellName = 'bash') {
  return understand(shell, await parser.parse(shell, text), text);
}

/** Each program in short: its words, what it touches, which hosts it asks. */
async function told(text: string, shell: ShellName = 'bash') {
  const { programs, unclear } = await of(text, shell);
  assert.deepEqual(unclear, [], text);
  return programs.map(({ argv, touches, hosts }) =>
    [
      argv.join(' '),
      ...touches.map(({ act, path }) => `${act} ${path}`),
      ...hosts.map((host) => `ask ${host}`),
    ].join(', '),
  );
}

describe('the understanding of a command', () => {
  it('tells the programs of a chain with their words as they get them', async () => {
    assert.deepEqual(await told(`git "sta"tus && echo 'a  b' "c\\"d" e\\ f | wc -l; npm test`), [
      'git status',
      'echo a  b c"d e f',
      'wc -l',
      'npm test',
    ]);
  });

  it('tells the files that programs read, write and delete', async () => {
    assert.deepEqual(await told('cp a.txt b/ && mv c d; rm -rf e; sed -i s/x/y/ f < g >> h'), [
      'cp a.txt b/, read a.txt, write b/a.txt',
      'mv c d, delete c, read c, write d, write d/c',
      'rm -rf e, delete e',
      'sed -i s/x/y/ f, read f, write f, read g, write h',
    ]);
  });

  it('follows a change of the folder, where what comes behind it runs only then', async () => {
    assert.deepEqual(await told('cd web && rm x && cat y/z'), [
      'cd web, read web',
      'rm x, delete web/x',
      'cat y/z, read web/y/z',
    ]);
    assert.deepEqual(await told('cd web && npm test | tail -5; echo done'), [
      'cd web, read web',
      'npm test',
      'tail -5',
      'echo done',
    ]);
    for (const text of [
      'cd web; rm x',
      'cd web || rm x',
      'cd a/.. && rm x',
      'cd - && rm x',
      'cd && rm x',
      'cd web | rm x',
      '! cd web && rm x',
      'time cd web && rm x',
      'timeout 5 cd web && rm x',
      'cd web && ls; rm x',
      'cd web && ls || rm x',
      'cd web && ls\nrm x',
      'cd web && ls; true && rm x',
    ]) {
      assert.notDeepEqual((await of(text)).unclear, [], text);
    }
  });

  it('tells the hosts that are asked', async () => {
    assert.deepEqual(await told("curl -sL 'https://Example.org:8443/a?b=c' -o out"), [
      'curl -sL https://Example.org:8443/a?b=c -o out, write out, ask example.org',
    ]);
    assert.deepEqual((await of('git clone git@example.org:a/b')).programs[0]?.hosts, ['example.org']);
    assert.deepEqual((await of('npx tsc')).programs[0]?.hosts, ['registry.npmjs.org']);
    assert.deepEqual((await of('npx --no-install tsc')).programs[0]?.hosts, []);
  });

  it('looks through programs that only start another', async () => {
    assert.deepEqual(await told('CI=1 timeout -k 1 5m nice -n 5 env NODE_ENV=test npm test'), ['npm test']);
  });

  it('takes the text of a here-document for data, where the shell leaves it alone', async () => {
    assert.deepEqual(await told("cat <<'END' > notes.md\n$(id) `id`\nEND\nls"), [
      'cat, write notes.md',
      'ls',
    ]);
    assert.notDeepEqual((await of('cat <<END\n$(id)\nEND')).unclear, []);
  });

  it('says of a program that nobody described that it is not known', async () => {
    const { programs, unclear } = await of('frobnicate --all');
    assert.deepEqual([programs[0]?.known, unclear], [false, []]);
    assert.equal((await of('./frobnicate --all')).programs[0]?.known, true);
    assert.equal((await of('/opt/x/frobnicate')).programs[0]?.known, false);
  });

  it('names the programs also of what is not understood, so that a rule can deny them', async () => {
    const { programs, unclear } = await of('echo $(curl x) && rm -rf y; for i in 1; do wget "z" $i; done');
    assert.deepEqual(
      programs.map(({ argv }) => argv.join(' ')),
      ['echo', 'curl x', 'rm -rf y', 'wget z'],
    );
    assert.notDeepEqual(unclear, []);
  });

  it('tells the file that a program of the workspace is, whatever its name and words', async () => {
    assert.deepEqual(await told('tools/git --version; ./run.sh; /usr/bin/git --version'), [
      'tools/git --version, read tools/git',
      './run.sh, read run.sh',
      '/usr/bin/git --version',
    ]);
  });

  it('gives every reason in a sentence', async () => {
    for (const text of [
      'ls $(id) `id` $x',
      'PATH=. ls > $y',
      'find . -exec id ;',
      'ls\u200b',
      'sudo ls',
      'cat *',
      '"',
    ]) {
      const { unclear } = await of(text);
      assert.ok(unclear.length > 0, text);
      for (const reason of unclear) assert.match(reason, /^(It|Its|`|Without|Of) ?.*\.$/, text);
    }
  });

  it('stays within bounds, whatever it is given', async () => {
    for (const text of [
      'ls;'.repeat(60),
      `ls ${'a '.repeat(30_000)}`,
      `sed '${'s/a/b/'.repeat(2000)}'`,
      `curl ${'a.'.repeat(5000)}`,
    ]) {
      assert.ok(Array.isArray((await of(text)).unclear), text.slice(0, 20));
    }
  });
});
