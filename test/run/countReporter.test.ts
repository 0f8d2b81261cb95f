import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

describe('the test report', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'butler-report-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('closes with the number of passed, failed and skipped tests and says why one was skipped', () => {
    const file = path.join(folder, 'sample.test.mjs');
    const reporter = path.join(root, 'test/run/countReporter.ts');
    writeFileSync(
      file,
      `import { skipBecause } from ${JSON.stringify(reporter)};
       describe('a suite', () => {
         it('passes', () => {});
         it('fails', () => { throw new Error('on purpose'); });
         it('is skipped', function () { skipBecause(this, 'there is no printer'); });
       });
       describe('a suite without its printer', () => {
         before(function () { skipBecause(this, 'the printer is out of paper'); });
         it('waits', () => {});
       });`,
    );
    const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
    const run = spawnSync(process.execPath, [mocha, '--reporter', reporter, file], { encoding: 'utf8' });
    assert.equal(run.status, 1);
    assert.match(run.stdout, /skipped because there is no printer/);
    assert.match(run.stdout, /skipped because the printer is out of paper/);
    assert.equal(run.stdout.trimEnd().split('\n').at(-1), '1 passed, 1 failed, 2 skipped');
  }).timeout(30_000);
});
