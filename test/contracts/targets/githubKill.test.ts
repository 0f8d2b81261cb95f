import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { killedAfter } from '../../support/killedChild.ts';
import { value } from '../tools/ground.ts';
import { gistRule, type KeptGist } from './gistServer.ts';
import { type GithubGround, githubGround } from './githubGround.ts';
import { tokens } from './githubServer.ts';

const kills = Number(process.env.BUTLER_KILLS) || 2;
const ways: { target: string; [setting: string]: string }[] = [
  { target: 'github', repository: 'octo/site', mode: 'pull-request' },
  { target: 'github', repository: 'octo/site', mode: 'commit', folder: 'docs' },
  { target: 'github', repository: 'octo/site', mode: 'release' },
  { target: 'github', repository: 'octo/site', mode: 'pages' },
  { target: 'github', repository: 'octo/new', mode: 'commit', create: 'public' },
  { target: 'gist' },
];

describe('a publication to GitHub whose process is killed', function () {
  this.timeout(60_000 + kills * 10_000);

  it('stands once or not at all, and is taken back to what stood before', async () => {
    await using hub = await githubGround();
    const gists = new Map<string, KeptGist>();
    // A slow service has moments between its requests to be killed in.
    hub.server.gate.rules.push(() => sleep(20, null), gistRule(gists));
    const look = async () => ({
      site: await hub.server.look(),
      fresh: await hub.server.look('new'),
      gists: gists.size,
    });
    const ends = { stood: 0, not: 0 };
    let span = 0;
    for (let round = 0; round <= kills; round++) {
      const { target: name, ...given } = ways[round % ways.length] ?? { target: '' };
      const target = targets.find((one) => one.name === name) as Target;
      const config = target.config.parse({ ...given, api: hub.server.url });
      const before = await look();
      const parcel = await hub.parcel({ 'index.html': `round ${round}`, 'b.txt': 'b', 'c.txt': 'c' });
      const execution = `kill-${round}-${process.pid}`;
      const moment = round === 0 ? 60_000 : Math.random() * span * 1.1;
      span = Math.max(span, await publishAndKill(hub, { target: name, parcel, execution, config, moment }));
      await hub.server.gate.idle();
      const context = hub.context({ execution });
      const found = await target.reconcile(parcel, config, context);
      ends[found ? 'stood' : 'not']++;
      if (found) {
        assert.deepEqual(await target.reconcile(parcel, config, context), found, 'it stands once');
        value(await target.unpublish(JSON.parse(JSON.stringify(found.undo)), hub.context()));
      }
      assert.deepEqual(await look(), before, `round ${round} of ${JSON.stringify(given)}`);
    }
    if (process.env.BUTLER_KILLS) console.log(`      ${ends.stood} stood, ${ends.not} did not`);
  });
});

/** Publishes in a process of its own and kills it after a while; answers how long it took when it was let be. */
async function publishAndKill(
  { ground }: GithubGround,
  {
    moment,
    ...errand
  }: { target: string; parcel: unknown; execution: string; config: unknown; moment: number },
): Promise<number> {
  const blobs = path.join(ground.workspace, '../own');
  const file = path.join(blobs, 'errand.json');
  await writeFile(file, JSON.stringify({ blobs, token: tokens.owner, ...errand }));
  return killedAfter(path.join(import.meta.dirname, 'githubPublisher.ts'), file, moment);
}
