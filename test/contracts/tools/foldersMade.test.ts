import assert from 'node:assert/strict';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { moveFile } from '../../../server/adapters/tools/moveFile.ts';
import { writeFile } from '../../../server/adapters/tools/writeFile.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { undone } from './entryGround.ts';
import { call, type Ground, makeGround, value } from './ground.ts';

/** Each tool that makes the folders above a file, with where the file is when it is not there. */
const makers = [
  { tool: writeFile as unknown as Tool, input: { path: 'far/off/new.txt', content: 'new\n' }, away: null },
  { tool: moveFile as unknown as Tool, input: { from: 'a.txt', to: 'far/off/new.txt' }, away: 'a.txt' },
] as const;

for (const { tool, input, away } of makers) {
  describe(`the folders that ${tool.name} made`, () => {
    it('go where taking it back died before it had taken them away, or in between', () =>
      inGround(async (ground, at) => {
        for (const gone of [[], ['far/off'], ['far/off', 'far']]) {
          const before = await ground.snapshot();
          const { result } = await call(ground, tool, input);
          await takeAway(at);
          for (const folder of gone) await rmdir(at(folder));
          assert.equal(await undone(tool, result.undo, ground), 'ok');
          assert.deepEqual(await ground.snapshot(), before);
        }
      }));

    it('go when it is taken back after it was done again by one that died when it had made them', () =>
      inGround(async (ground, at) => {
        const before = await ground.snapshot();
        const { result } = await call(ground, tool, input);
        for (const there of ['far', 'far/off']) {
          assert.equal(await undone(tool, result.undo, ground), 'ok');
          await mkdir(at(there), { recursive: true });
          const again = value((await tool.redo?.(result.undo, ground.context())) as never);
          assert.equal(await undone(tool, again, ground), 'ok');
          assert.deepEqual(await ground.snapshot(), before);
        }
      }));

    it('are known to who takes it up after a death, and go with it', () =>
      inGround(async (ground, at) => {
        const before = await ground.snapshot();
        for (const isDone of [true, false]) {
          const context = ground.context();
          await call(ground, tool, input, context);
          if (!isDone) await takeAway(at);
          const found = await tool.reconcile?.(input, context);
          assert.equal(found?.state, isDone ? 'done' : 'notDone');
          if (found?.state === 'done') assert.equal(await undone(tool, found.result.undo, ground), 'ok');
          assert.deepEqual(await ground.snapshot(), before);
        }
      }));

    it('stay where somebody put something into them', () =>
      inGround(async (ground) => {
        const { result } = await call(ground, tool, input);
        await ground.write('far/mine.txt', 'mine');
        assert.equal(await undone(tool, result.undo, ground), 'ok');
        assert.deepEqual(Object.keys(await ground.snapshot()), ['a.txt', 'far', 'far/mine.txt']);
      }));
  });

  /** The file itself is where it was before, as somebody left it who died then. */
  async function takeAway(at: (name: string) => string): Promise<void> {
    if (away) await rename(at('far/off/new.txt'), at(away));
    else await rm(at('far/off/new.txt'));
  }
}

async function inGround(
  test: (ground: Ground, at: (name: string) => string) => Promise<void>,
): Promise<void> {
  await using ground = await makeGround({ 'a.txt': 'one\n' });
  await test(ground, (name) => path.join(ground.workspace, name));
}
