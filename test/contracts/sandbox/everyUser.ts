import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeHeldGround } from './heldGround.ts';

const root = path.join(import.meta.dirname, '../../..');
const ordinary = 65_534;

/**
 * A suite against the real sandbox of Linux, for whoever runs the tests; where that is the administrator, once more
 * for an ordinary user, in a mocha of its own.
 */
export function onLinux(title: string, suite: (make: typeof makeHeldGround) => void): void {
  if (process.platform !== 'linux') return;
  describe(title, () => {
    suite(makeHeldGround);
  });
  if (process.getuid?.() !== 0) return;
  describe(`${title}, of an ordinary user`, () => {
    it('is the same', function () {
      this.timeout(180_000);
      const home = mkdtempSync(path.join(tmpdir(), 'butler-ordinary-'));
      spawnSync('chown', [String(ordinary), home]);
      const spec = callerOf(title);
      try {
        const mocha = [path.join(root, 'node_modules/mocha/bin/mocha.js'), '--timeout', '60000', spec];
        const ran = spawnSync(process.execPath, mocha, {
          cwd: root,
          uid: ordinary,
          gid: ordinary,
          env: { PATH: process.env.PATH, HOME: home, TMPDIR: home, NODE_COMPILE_CACHE: '' },
          encoding: 'utf8',
        });
        assert.equal(ran.status, 0, `${ran.stdout}\n${ran.stderr}`);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    });
  });
}

/** The test file of a suite, by the word that its title ends with. */
function callerOf(title: string): string {
  return path.join(import.meta.dirname, `${title.split(' ').at(-1)}.test.ts`);
}
