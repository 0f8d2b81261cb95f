import assert from 'node:assert/strict';
import { github } from '../../../server/adapters/targets/github.ts';
import { kindOf, value } from '../tools/ground.ts';
import type { Rule } from './githubGate.ts';
import { type GithubGround, githubGround } from './githubGround.ts';

/** Files that are no text, each of which is a request of its own. */
const binaries = Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`${at}.bin`, `\0${at}`]));
const config = { mode: 'commit' };

describe('a limit of GitHub on too much at once', function () {
  this.timeout(60_000);

  const publish = async (hub: GithubGround, change = {}) =>
    github.publish(await hub.parcel(binaries), hub.config(config), hub.context(change));

  it('is waited for in the middle of a publication, and nothing goes out twice', async () => {
    await using hub = await githubGround();
    let refused = 0;
    hub.server.gate.rules.push(every(20, 'git/blobs', '1', () => refused++));
    const { undo } = value(await publish(hub));
    const files = await hub.server.files('main');
    for (const name of Object.keys(binaries)) assert.ok(name in files, name);
    const sent = hub.server.gate.asked.filter(({ path }) => path.endsWith('/git/blobs'));
    assert.ok(refused > 0);
    assert.equal(sent.length, 24 + refused);
    value(await github.unpublish(undo, hub.context()));
  });

  it('is told where nothing went out yet, where it holds for long, and where it never ends', async () => {
    for (const [from, path, wait] of [
      [1, '', '1'],
      [9, 'git/blobs', '1000'],
      [1, 'git/trees', '0'],
    ] as const) {
      await using hub = await githubGround();
      const before = await hub.server.look();
      let count = 0;
      hub.server.gate.rules.push((asked) =>
        asked.path.endsWith(path) && ++count >= from ? limited(wait) : null,
      );
      assert.equal(kindOf(await publish(hub)), 'limited', path);
      assert.deepEqual(await hub.server.look(), before);
    }
  });

  it('keeps nobody waiting who calls the publication off', async () => {
    await using hub = await githubGround();
    const before = await hub.server.look();
    const stop = new AbortController();
    hub.server.gate.rules.push(every(9, 'git/blobs', '100', () => setImmediate(() => stop.abort('abort'))));
    assert.equal(kindOf(await publish(hub, { signal: stop.signal })), 'cancelled');
    assert.deepEqual(await hub.server.look(), before);
  });
});

/** Refuses one in so many requests. */
function every(nth: number, path: string, wait: string, tell: () => void): Rule {
  let count = 0;
  return (asked) => {
    if (!asked.path.endsWith(path) || ++count % nth !== 0) return null;
    tell();
    return limited(wait);
  };
}

function limited(wait: string) {
  const message = 'You have exceeded a secondary rate limit.';
  return { status: 403, headers: { 'retry-after': wait }, body: { message } };
}
