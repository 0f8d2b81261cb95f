import { gistRule, type KeptGist } from './gistServer.ts';
import { type GithubGround, githubGround } from './githubGround.ts';

/** The gist of a person. */
export const id = 'ab'.repeat(16);

/** A service like GitHub with gists, a store, and what a publication to it wants. */
export interface GistGround extends GithubGround {
  readonly gists: Map<string, KeptGist>;
}

/** A service with the gist of a person, where files are given. */
export async function gistGround(files?: Record<string, string>): Promise<GistGround> {
  const hub = await githubGround();
  const gists = new Map<string, KeptGist>();
  if (files) {
    const owner = (await hub.context().credential(''))?.token ?? '';
    gists.set(id, { owner, public: false, description: 'Notes', history: [{ version: '01', files }] });
  }
  hub.server.gate.rules.push(gistRule(gists));
  return { ...hub, gists };
}

/** The files of its first gist. */
export function filesOf({ gists }: GistGround): unknown {
  return [...gists.values()][0]?.history[0]?.files;
}

/** Every gist: its id, description and files. */
export function stateOf({ gists }: GistGround): unknown {
  return structuredClone(
    [...gists].map(([at, { description, history }]) => [at, description, history[0]?.files]),
  );
}
