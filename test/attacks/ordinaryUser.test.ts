import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { skipBecause } from '../run/countReporter.ts';

const setpriv = '/usr/bin/setpriv';
/** The user `nobody` of every Unix, who owns nothing. */
const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'];
const root = path.join(import.meta.dirname, '../..');

describe('the attack corpus as an ordinary user', function () {
  this.timeout(300_000);

  it('ends as it does for root, in all that heeds who runs it', async function () {
    if (process.env.BUTLER_ATTACKS_AS !== undefined) skipBecause(this, 'this is that run');
    if (process.getuid?.() !== 0) skipBecause(this, 'these tests are run by an ordinary user already');
    if (!existsSync(setpriv)) skipBecause(this, 'setpriv, which changes the user, is not installed');
    const home = await mkdtemp(path.join(tmpdir(), 'butler-nobody-'));
    await chmod(home, 0o777);
    try {
      const readable = await asNobody(home, [
        process.execPath,
        '-e',
        `require('fs').readFileSync('package.json')`,
      ]);
      if (readable.code !== 0) skipBecause(this, 'an ordinary user cannot read this checkout');
      const mocha = [
        'node_modules/mocha/bin/mocha.js',
        '--exit',
        '--reporter',
        './test/run/countReporter.ts',
      ];
      const specs = ['attacks', 'playedCommands'].map((name) => `test/attacks/${name}.test.ts`);
      const { out } = await asNobody(home, [process.execPath, ...mocha, ...specs]);
      const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(out) ?? [];
      assert.ok(Number(passed) > 0 && failed === '0', out.slice(-3000));
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});

function asNobody(home: string, command: readonly string[]): Promise<{ code: number; out: string }> {
  const env = { ...process.env, HOME: home, TMPDIR: home, BUTLER_ATTACKS_AS: 'nobody' };
  return new Promise((resolve) => {
    execFile(setpriv, [...nobody, ...command], { cwd: root, env, maxBuffer: 1e8 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out: out + err }),
    );
  });
}
