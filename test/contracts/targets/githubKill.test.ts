import assert from 'node:assert/strict';
import path from 'node:path';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { killCount } from '../../support/killCount.ts';
import { value } from '../tools/ground.ts';
import { playDeaths } from './deaths.ts';
import { gistRule, type KeptGist } from './gistServer.ts';
import { type GithubGround, githubGround } from './githubGround.ts';
import { tokens } from './githubServer.ts';
import { lookAround, placesWith, type Tally, tallyOf } from './githubWorld.ts';

const kills = killCount(1);
const site = { target: 'github', repository: 'octo/site' };
const fresh = { target: 'github', repository: 'octo/new', create: 'public' };
const gist = 'ab'.repeat(16);

/** A way to publish. */
interface Way {
  readonly given: { readonly target: string; readonly [setting: string]: string };
  /** How many of each thing there are more when it stands once. */
  readonly makes: Partial<Tally>;
  /** Whether another publication stands there before. */
  readonly over?: true;
}

const ways: Readonly<Record<string, Way>> = {
  'as a pull request': {
    given: { ...site, mode: 'pull-request' },
    makes: { branches: 1, pulls: 1, pages: 1 },
  },
  'as a commit': { given: { ...site, mode: 'commit', folder: 'docs' }, makes: {}, over: true },
  'as a release': { given: { ...site, mode: 'release' }, makes: { releases: 1, tags: 1 } },
  'as pages': { given: { ...site, mode: 'pages' }, makes: { branches: 1, pages: 1 } },
  'into a new repository': {
    given: { ...fresh, mode: 'commit' },
    makes: { repositories: 1, branches: 1, pages: 1 },
  },
  ...(kills > 1 ? rarer() : {}),
  'as a gist': { given: { target: 'gist' }, makes: { gists: 1 } },
  'into a gist': { given: { target: 'gist', gist }, makes: {}, over: true },
};

describe('a publication to GitHub whose process is killed', function () {
  this.timeout(60_000 + kills * 10_000);
  let hub: GithubGround;
  const gists = new Map<string, KeptGist>();
  before(async () => {
    hub = await githubGround();
    hub.server.gate.rules.push(gistRule(gists));
  });
  after(() => hub[Symbol.asyncDispose]());

  for (const [way, { given, makes, over }] of Object.entries(ways)) {
    it(`stands once or not at all, and is taken back to what stood before: ${way}`, async () => {
      const { target: name, ...settings } = given;
      const target = targets.find((one) => one.name === name) as Target;
      const config = target.config.parse({ ...settings, api: hub.server.url });
      if (settings.gist) standing(settings.gist);
      const texts = (round: string) => ({
        'index.html': `page ${round}`,
        'b.txt': `b ${round}`,
        same: 'same',
      });
      const earlier = await hub.parcel({ ...texts('before'), 'gone.txt': 'gone' });
      if (over) value(await target.publish(earlier, config, hub.context()));
      const before = await look();
      await playDeaths(kills, async (round) => {
        const parcel = await hub.parcel(texts(`${round}`));
        const digests = parcel.files.map(({ digest }) => digest);
        hub.server.sites.clear();
        return {
          target,
          config,
          parcel,
          context: hub.context(),
          given: { credential: { token: tokens.owner }, blobs: path.join(hub.ground.workspace, '../own') },
          settled: () => hub.server.gate.idle(),
          isRight: async (stands) => {
            const now = await look();
            if (!stands) return assert.deepEqual(now, before, `round ${round}`);
            const was = tallyOf(before);
            const more = Object.entries(tallyOf(now)).map(([thing, count]) => [
              thing,
              count - was[thing as keyof Tally],
            ]);
            assert.deepEqual(Object.fromEntries(more.filter(([, count]) => count !== 0)), makes);
            const [place = [], ...others] = placesWith(now, digests.slice(0, 2));
            assert.deepEqual(others, [], 'it stands in one place');
            assert.ok(
              digests.every((digest) => place.includes(digest)),
              'all of it',
            );
          },
        };
      });
    });
  }

  const look = () => lookAround(hub.server, ['site', 'new'], gists);

  /** A gist of the person. */
  function standing(id: string): void {
    const history = [{ version: 'aa', files: { 'notes.md': 'mine' } }];
    gists.set(id, { owner: tokens.owner, public: false, description: 'Mine', history });
  }
});

/** What is played in longer runs only. */
function rarer(): Readonly<Record<string, Way>> {
  const made = { repositories: 1, branches: 1 };
  return {
    'as other pages': { given: { ...site, mode: 'pages' }, makes: {}, over: true },
    'as pages of a new repository': {
      given: { ...fresh, mode: 'pages' },
      makes: { ...made, branches: 2, pages: 1, sites: 1 },
    },
    'as a release of a new repository': {
      given: { ...fresh, mode: 'release' },
      makes: { ...made, releases: 1, tags: 1 },
    },
    'as a pull request to a new repository': {
      given: { ...fresh, mode: 'pull-request' },
      makes: { ...made, branches: 2, pages: 1, pulls: 1 },
    },
  };
}
