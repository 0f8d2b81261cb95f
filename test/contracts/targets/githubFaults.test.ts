import assert from 'node:assert/strict';
import { github } from '../../../server/adapters/targets/github.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { killCount } from '../../support/killCount.ts';
import { kindOf, value } from '../tools/ground.ts';
import { type GithubGround, githubGround } from './githubGround.ts';

const many = killCount(0);
/** How many requests are passed over between two that are tried; `BUTLER_KILLS` tries all. */
const step = many ? 1 : 3;
const ways = {
  'pull request': { mode: 'pull-request' },
  commit: { mode: 'commit', folder: 'docs' },
  release: { mode: 'release' },
  pages: { mode: 'pages' },
  'new repository': { mode: 'commit', repository: 'octo/new', create: 'public' },
};

describe('a publication to GitHub over a bad network', function () {
  this.timeout(many ? 600_000 : 60_000);

  for (const [name, change] of Object.entries(ways)) {
    it(`ends rightly whichever answer is lost (${name})`, async () => {
      await using hub = await githubGround();
      const before = await stateOf(hub);
      const parcel = await hub.parcel({ 'index.html': 'one', 'b.bin': '\0' });
      const { undo } = value(await github.publish(parcel, hub.config(change), hub.context()));
      const { asked } = hub.server.gate;
      const acts = asked.flatMap(({ method }, at) => (many > 0 || method !== 'GET' ? [at + 1] : []));
      value(await github.unpublish(undo, hub.context()));
      for (const act of some(acts, 3)) {
        const from = asked.length;
        hub.server.gate.loses = (_, count) => (count === from + act ? 'after' : null);
        await endsRightly(
          hub,
          change,
          before,
          `answer ${act}: ${asked[act - 1]?.method} ${asked[act - 1]?.path}`,
        );
      }
    });
  }

  for (const [name, change] of some(Object.entries(ways), 2)) {
    it(`ends rightly when the service is gone after some request (${name})`, async () => {
      await using hub = await githubGround();
      const before = await stateOf(hub);
      for (let round = 0; round < (many || 1); round++) {
        const from = hub.server.gate.asked.length;
        const last = 3 + Math.floor(Math.random() * 6);
        hub.server.gate.loses = (_, count) =>
          count < from + last ? null : count === from + last ? 'after' : 'before';
        await endsRightly(hub, change, before, `from request ${last} on`);
      }
    });
  }

  it('ends rightly when the connection is cut at random bytes', async () => {
    await using hub = await githubGround();
    await using proxy = await startFaultProxy({ port: hub.server.gate.port });
    const before = await stateOf(hub);
    for (let round = 0; round < (many || 5); round++) {
      const change = { ...Object.values(ways)[round % 5], api: `http://127.0.0.1:${proxy.port}` };
      proxy.cutAfter(Math.floor(Math.random() * 6000), round % 3 === 2);
      await endsRightly(hub, change, before, `cut ${round}`, () => proxy.mend());
    }
  });

  for (const [name, change] of Object.entries(ways)) {
    it(`leaves nothing when it is stopped at some request (${name})`, async () => {
      await using hub = await githubGround();
      const before = await stateOf(hub);
      for (let at = 1 + Math.floor(Math.random() * step); ; at += step) {
        const stop = new AbortController();
        const from = hub.server.gate.asked.length;
        const rule = () => {
          if (hub.server.gate.asked.length === from + at) stop.abort('abort');
          return null;
        };
        hub.server.gate.rules.splice(0, 1, rule);
        const parcel = await hub.parcel({ 'index.html': 'one', 'b.bin': '\0' });
        const outcome = await github.publish(
          parcel,
          hub.config(change),
          hub.context({ signal: stop.signal }),
        );
        await hub.server.gate.idle();
        if (outcome.ok) value(await github.unpublish(outcome.value.undo, hub.context()));
        else assert.equal(outcome.failure.kind, 'cancelled');
        assert.deepEqual(await stateOf(hub), before, `stopped at request ${at}`);
        if (!stop.signal.aborted) break;
      }
    });
  }

  it('ends when it is stopped although the service never answers', async () => {
    for (const silent of ['/repos/octo/site', '/git/trees', '/git/commits']) {
      await using hub = await githubGround();
      const before = await stateOf(hub);
      const stop = new AbortController();
      hub.server.gate.rules.push(({ path }) => {
        if (!path.endsWith(silent) || stop.signal.aborted) return null;
        stop.abort('abort');
        return new Promise(() => {});
      });
      const parcel = await hub.parcel({ 'index.html': 'one' });
      const outcome = await github.publish(parcel, hub.config(), hub.context({ signal: stop.signal }));
      assert.equal(kindOf(outcome), 'cancelled');
      assert.deepEqual(await stateOf(hub), before);
    }
  });
});

/** Publishes under a fault; then it stands once and can be taken back, or nothing of it stands. */
async function endsRightly(
  hub: GithubGround,
  change: Record<string, unknown>,
  before: unknown,
  what: string,
  mend = () => {},
): Promise<void> {
  const parcel = await hub.parcel({ 'index.html': 'one', 'b.bin': '\0' });
  const context = hub.context();
  const outcome = await github.publish(parcel, hub.config(change), context);
  hub.server.gate.loses = () => null;
  mend();
  await hub.server.gate.idle();
  const found = await github.reconcile(parcel, hub.config(change), context);
  if (outcome.ok) assert.deepEqual(found, outcome.value, what);
  if (found) value(await github.unpublish(found.undo, hub.context()));
  assert.deepEqual(await stateOf(hub), before, what);
}

/** A few of many, at random; `BUTLER_KILLS` tries all. */
function some<T>(all: readonly T[], count: number): T[] {
  const mixed = all.map((one) => [Math.random(), one] as const).sort(([one], [two]) => one - two);
  return mixed.slice(0, many ? all.length : count).map(([, one]) => one);
}

async function stateOf({ server }: GithubGround): Promise<unknown> {
  return { site: await server.look(), fresh: await server.look('new') };
}
