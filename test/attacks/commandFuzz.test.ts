import assert from 'node:assert/strict';
import { createShellParser } from '../../server/adapters/shells/treeSitter.ts';
import type { ShellName } from '../../server/core/ports/shell.ts';
import { makeGround } from '../contracts/tools/ground.ts';
import { commandMaker } from './commandMaker.ts';
import { decideCommand, project } from './commandSurface.ts';

/** How many commands are made; `BUTLER_FUZZ=100000` makes as many as a release is tried with. */
const count = Number(process.env.BUTLER_FUZZ ?? 4000);
const seed = Number(process.env.BUTLER_SEED ?? Date.now() % 2 ** 31);
const held = { sandboxed: true };

describe('commands that nobody thought of', function () {
  this.timeout(600_000);

  it('are never allowed where a shell would act on an evil piece of them', async () => {
    await using ground = await makeGround(project);
    const parser = createShellParser();
    const make = commandMaker(seed);
    const everyday = { made: 0, allowed: 0 };
    for (let made = 0; made < count; made++) {
      const { text, evil } = make();
      const { decision } = await decideCommand(text, 'bash', held, ground, parser);
      const where = `${JSON.stringify(text)} with ${JSON.stringify(evil)}; seed ${seed}`;
      assert.ok(evil === null || decision !== 'allow', where);
      if (evil === null) {
        everyday.made++;
        if (decision === 'allow') everyday.allowed++;
      }
    }
    const asked = everyday.made - everyday.allowed;
    assert.ok(asked <= everyday.made / 100, `${asked} everyday commands are asked for; seed ${seed}`);
  });

  it('never break the reading, whatever they are made of', async () => {
    await using ground = await makeGround(project);
    const parser = createShellParser();
    const make = commandMaker(seed + 1);
    const shells: readonly ShellName[] = ['bash', 'powershell', 'cmd'];
    for (let made = 0; made < count / 4; made++) {
      const [one, other] = [make().text, make().text];
      const cut = (made * 7919) % (one.length + 1);
      const text = one.slice(0, cut) + other.slice(made % (other.length + 1));
      const { decision } = await decideCommand(text, shells[made % 3] ?? 'bash', held, ground, parser);
      assert.ok(['allow', 'ask', 'deny'].includes(decision), text);
    }
  });
});
