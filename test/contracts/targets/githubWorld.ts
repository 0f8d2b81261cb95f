import { hash } from 'node:crypto';
import type { KeptGist } from './gistServer.ts';
import type { GithubServer } from './githubServer.ts';

/** Everything that a service has which anybody can see, so that two moments can be compared. */
export interface World {
  readonly repositories: readonly Seen[];
  readonly gists: readonly (Pick<KeptGist, 'public' | 'description'> & { readonly files: Texts })[];
}

/** How many of each thing there are; a page is an `index.html` on a branch. */
export type Tally = Record<
  'repositories' | 'branches' | 'pages' | 'pulls' | 'drafts' | 'releases' | 'tags' | 'sites' | 'gists',
  number
>;

type Texts = Readonly<Record<string, string>>;
interface Seen {
  readonly branches: Readonly<Record<string, Texts>>;
  readonly pulls: readonly number[];
  readonly tags: readonly string[];
  /** Of each asset the SHA-256, by its name. */
  readonly releases: readonly { readonly tag: string; readonly draft: boolean; readonly assets: Texts }[];
  readonly site: unknown;
}

/** Looks at the repositories of a service by their names, and at its gists. */
export async function lookAround(
  server: GithubServer,
  names: readonly string[],
  gists: ReadonlyMap<string, KeptGist>,
): Promise<World> {
  const all = await Promise.all(names.map((name) => seen(server, name)));
  return {
    repositories: all.filter((one) => one !== null),
    gists: [...gists.values()].map(({ public: open, description, history }) => ({
      public: open,
      description,
      files: history[0]?.files ?? {},
    })),
  };
}

/** Counts what there is. */
export function tallyOf({ repositories, gists }: World): Tally {
  const count = (list: (one: Seen) => readonly unknown[]) => repositories.flatMap(list).length;
  const branches = repositories.flatMap((one) => Object.values(one.branches));
  const names = branches.flatMap((files) => Object.keys(files));
  return {
    repositories: repositories.length,
    branches: branches.length,
    pages: names.filter((name) => /(^|\/)index\.html$/.test(name)).length,
    pulls: count(({ pulls }) => pulls),
    drafts: count(({ releases }) => releases.filter(({ draft }) => draft)),
    releases: count(({ releases }) => releases.filter(({ draft }) => !draft)),
    tags: count(({ tags }) => tags),
    sites: count(({ site }) => (site ? [site] : [])),
    gists: gists.length,
  };
}

/** The SHA-256 of all files of each place, a branch, a release or a gist, that has any of some. */
export function placesWith({ repositories, gists }: World, digests: readonly string[]): string[][] {
  const texts = [
    ...repositories.flatMap(({ branches }) => Object.values(branches)),
    ...gists.map(({ files }) => files),
  ];
  const places = [
    ...texts.map((files) => Object.values(files).map((text) => hash('sha256', text))),
    ...repositories.flatMap(({ releases }) => releases.map(({ assets }) => Object.values(assets))),
  ];
  return places.filter((place) => digests.some((digest) => place.includes(digest)));
}

async function seen(server: GithubServer, repo: string): Promise<Seen | null> {
  const there = await server.look(repo);
  if (!there) return null;
  const { data } = await server.witness.repos.listReleases({ owner: 'octo', repo });
  const releases = data.map(({ tag_name: tag, draft, assets }) => ({
    tag,
    draft,
    assets: Object.fromEntries(assets.map(({ name }) => [name, server.assets.get(name) ?? ''])),
  }));
  const { branches, pulls, tags } = there as unknown as Pick<Seen, 'branches' | 'pulls' | 'tags'>;
  return { branches, pulls, tags, releases, site: server.sites.get(repo) ?? null };
}
