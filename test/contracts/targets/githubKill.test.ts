import assert from 'node:assert/strict';
import path from 'node:path';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { killCount } from '../../support/killCount.ts';
import { playDeaths } from './deaths.ts';
import { gistRule, type KeptGist } from './gistServer.ts';
import { type GithubGround, githubGround } from './githubGround.ts';
import { tokens } from './githubServer.ts';

const kills = killCount(1);
const site = { target: 'github', repository: 'octo/site' };

/** How it is published, and how many of each thing there are more when it stands once. */
const ways: Record<string, { given: { target: string; [setting: string]: string }; makes: Partial<Tally> }> =
  {
    'as a pull request': {
      given: { ...site, mode: 'pull-request' },
      makes: { branches: 1, pulls: 1, pages: 1 },
    },
    'as a commit': { given: { ...site, mode: 'commit', folder: 'docs' }, makes: { pages: 1 } },
    'as a release': { given: { ...site, mode: 'release' }, makes: { releases: 1, tags: 1 } },
    'as pages': { given: { ...site, mode: 'pages' }, makes: { branches: 1, pages: 1 } },
    'into a new repository': {
      given: { target: 'github', repository: 'octo/new', mode: 'commit', create: 'public' },
      makes: { repositories: 1, branches: 1, pages: 1 },
    },
    'as a gist': { given: { target: 'gist' }, makes: { gists: 1 } },
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

  for (const [way, { given, makes }] of Object.entries(ways)) {
    it(`stands once or not at all, and is taken back to what stood before: ${way}`, async () => {
      const { target: name, ...settings } = given;
      const target = targets.find((one) => one.name === name) as Target;
      const before = await look();
      await playDeaths(kills, async (round) => {
        const parcel = await hub.parcel({ 'index.html': `round ${round}`, 'b.txt': 'b', 'c.txt': 'c' });
        return {
          target,
          config: target.config.parse({ ...settings, api: hub.server.url }),
          parcel,
          context: hub.context(),
          given: { credential: { token: tokens.owner }, blobs: path.join(hub.ground.workspace, '../own') },
          settled: () => hub.server.gate.idle(),
          isRight: async (stands) => {
            const now = await look();
            if (!stands) return assert.deepEqual(now, before, `round ${round}`);
            const more = Object.entries(tallyOf(now)).map(([thing, count]) => [
              thing,
              count - tallyOf(before)[thing as keyof Tally],
            ]);
            assert.deepEqual(Object.fromEntries(more.filter(([, count]) => count !== 0)), makes);
          },
        };
      });
    });
  }

  /** Everything that the service has. */
  async function look() {
    const repositories = [await hub.server.look(), await hub.server.look('new')];
    return { repositories: repositories.filter((one) => one !== null), gists: [...gists.values()] };
  }
});

/** How many of each thing a service has; a page is an `index.html` on a branch. */
interface Tally {
  readonly repositories: number;
  readonly branches: number;
  readonly pages: number;
  readonly pulls: number;
  readonly releases: number;
  readonly tags: number;
  readonly gists: number;
}

function tallyOf({
  repositories,
  gists,
}: {
  repositories: readonly object[];
  gists: readonly unknown[];
}): Tally {
  const count = (thing: string) =>
    repositories.reduce((sum, one) => sum + Object.keys(Reflect.get(one, thing)).length, 0);
  const branches = repositories.flatMap((one) => Object.values<object>(Reflect.get(one, 'branches')));
  return {
    repositories: repositories.length,
    branches: branches.length,
    pages: branches.flatMap((files) => Object.keys(files)).filter((name) => /(^|\/)index\.html$/.test(name))
      .length,
    pulls: count('pulls'),
    releases: count('releases'),
    tags: count('tags'),
    gists: gists.length,
  };
}
