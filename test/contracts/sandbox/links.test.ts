import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rmdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from '../../support/until.ts';
import { onLinux } from './everyUser.ts';
import type { HeldGround } from './heldGround.ts';

onLinux('a held command beside others and links', (make) => {
  let ground: HeldGround;
  const at = (name: string) => path.join(ground.workspace, name);

  beforeEach(async () => {
    ground = await make();
  });

  afterEach(() => ground[Symbol.asyncDispose]());

  it('makes no use of a place that another one takes away', async () => {
    await mkdir(at('.vscode'));
    const running = ground.run(
      'touch up; while [ ! -e go ]; do sleep 0.02; done; mkdir .vscode; echo evil > .vscode/tasks.json',
    );
    await until(() => existsSync(at('up')));
    await rmdir(at('.vscode'));
    await writeFile(at('go'), '');
    assert.deepEqual((await running).aside, ['.vscode']);
    assert.deepEqual((await readdir(ground.workspace)).sort(), ['go', 'up']);
  });

  it('gets nothing guarded by way of links', async () => {
    await mkdir(at('docs'));
    await writeFile(at('docs/rules.md'), 'old');
    await symlink('docs/rules.md', at('AGENTS.md'));
    await symlink('docs/none.md', at('CLAUDE.md'));
    const ran = await ground.run(
      'mkdir -p sub/docs; echo evil > sub/docs/rules.md; ln -s docs/rules.md sub/AGENTS.md; echo evil > docs/none.md',
    );
    assert.deepEqual([...ran.aside].sort(), ['CLAUDE.md', 'sub/AGENTS.md']);
  });

  it('leaves the places of others', async () => {
    const running = ground.run('touch up; while [ ! -e go ]; do sleep 0.02; done');
    await until(() => existsSync(at('up')));
    await mkdir(at('sub/.vscode'), { recursive: true });
    await writeFile(at('go'), '');
    assert.deepEqual((await running).aside, []);
    assert.ok(existsSync(at('sub/.vscode')));
  });

  it('is one of many at once, and none loses its walls to the end of another', async () => {
    const long = ground.run('sleep 1; mkdir .vscode/x; echo evil > .git/config; echo $?');
    const short = Array.from({ length: 6 }, () => ground.run('true'));
    await Promise.all(short);
    assert.match((await long).output, /1\n$/);
    assert.deepEqual(await readdir(ground.workspace), []);
  });
});
