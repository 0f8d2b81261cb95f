import assert from 'node:assert/strict';
import { gist } from '../../../server/adapters/targets/gist.ts';
import { github } from '../../../server/adapters/targets/github.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { value } from '../tools/ground.ts';
import { gistRule, type KeptGist } from './gistServer.ts';
import { githubGround } from './githubGround.ts';
import { tokens } from './githubServer.ts';

const mine = 'a'.repeat(32);

/** What is done at the service though nobody can read its answer, as behind a proxy that puts its own in place. */
const acts: Record<string, { target: Target; config: Record<string, unknown>; path: RegExp }> = {
  'a new gist': { target: gist as Target, config: {}, path: /^\/gists$/ },
  'a gist that was there': {
    target: gist as Target,
    config: { gist: mine },
    path: /^\/gists\/\w+$/,
  },
  'a pull request': { target: github as Target, config: {}, path: /\/pulls$/ },
  'a draft of a release': {
    target: github as Target,
    config: { mode: 'release', tag: 'v1' },
    path: /\/releases$/,
  },
  'a release that is shown': {
    target: github as Target,
    config: { mode: 'release', tag: 'v1' },
    path: /\/releases\/\d+$/,
  },
  'a new repository': {
    target: github as Target,
    config: { mode: 'commit', repository: 'octo/new', create: 'public' },
    path: /^\/user\/repos$/,
  },
};

describe('a publication to GitHub of which an answer cannot be read', function () {
  this.timeout(60_000);

  for (const [name, { target, config: given, path }] of Object.entries(acts)) {
    it(`stands once or not at all (${name})`, async () => {
      await using hub = await githubGround();
      const gists = new Map<string, KeptGist>([[mine, keptGist()]]);
      let isGarbled = false;
      hub.server.gate.rules.push(async (asked, behind) => {
        if (isGarbled || asked.method === 'GET' || !path.test(asked.path)) return null;
        isGarbled = true;
        const rule = gistRule(gists);
        const own = await rule(asked, behind);
        if (!own) await behind(asked.method, asked.path, JSON.parse(asked.body.toString('utf8')));
        return { status: 200, body: 'Welcome to this network' };
      }, gistRule(gists));
      const kept = () => [...gists.values()].map((one) => [one.description, one.history[0]?.files]);
      const look = async () => [await hub.server.look(), await hub.server.look('new'), kept()];
      const before = await look();
      const config =
        target === gist ? gist.config.parse({ ...given, api: hub.server.url }) : hub.config(given);
      const parcel = await hub.parcel({ 'index.html': 'one' });
      const outcome = await target.publish(parcel, config, hub.context());
      assert.ok(isGarbled);
      if (outcome.ok) value(await target.unpublish(outcome.value.undo, hub.context()));
      assert.deepEqual(await look(), before);
    });
  }
});

function keptGist(): KeptGist {
  const files = { 'mine.txt': 'mine' };
  return { owner: tokens.owner, public: false, description: 'Mine', history: [{ version: 'a1', files }] };
}
