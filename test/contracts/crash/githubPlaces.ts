import { gistRule, type KeptGist } from '../targets/gistServer.ts';
import { startGithub, tokens } from '../targets/githubServer.ts';
import { lookAround } from '../targets/githubWorld.ts';
import { withoutMarker } from './markers.ts';
import type { Goods, Place } from './place.ts';

/** One text, as a gist and a release want it, which have no folders. */
const report: Goods = {
  deliverable: 'document',
  words: async (_crew, ability) => ['run', '--yes', ability, '/stats'],
};

/** A service where a repository is published to. */
export const onGithub = (config: Readonly<Record<string, string>>) => (): Promise<Place> =>
  atGithub('github', config, config.mode === 'release' ? { goods: report } : {});

/** The same for a gist, a new one or one of the person's. */
export const asGist = (id: string | null) => (): Promise<Place> => {
  const gists = new Map<string, KeptGist>();
  const history = [{ version: 'aa', files: { 'notes.md': 'mine' } }];
  if (id) gists.set(id, { owner: tokens.owner, public: false, description: 'Mine', history });
  return atGithub('gist', id ? { gist: id } : {}, { goods: report, gists });
};

interface More {
  readonly goods?: Goods;
  readonly gists?: Map<string, KeptGist>;
}

async function atGithub(
  type: 'github' | 'gist',
  config: Readonly<Record<string, string>>,
  { goods, gists = new Map() }: More,
): Promise<Place> {
  const server = await startGithub();
  server.gate.rules.push(gistRule(gists));
  return {
    target: { type, config: { ...config, api: server.url } },
    values: { token: tokens.owner },
    ...(goods ? { goods } : {}),
    stands: async () => {
      await server.gate.idle();
      const { repositories, gists: texts } = await lookAround(server, ['site', 'new'], gists);
      return {
        repositories: repositories.map(({ branches, pulls, ...others }) => ({
          ...others,
          branches: Object.values(branches).map(withoutMarker),
          pulls: pulls.length,
        })),
        gists: texts.map(({ description, ...others }) => ({
          ...others,
          description: description.replace(/: [^:()]*\)$/, ')'),
        })),
      };
    },
    close: async () => server[Symbol.asyncDispose](),
  };
}
