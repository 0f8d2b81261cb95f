import type { Config } from '../../../server/adapters/targets/github/config.ts';
import { github } from '../../../server/adapters/targets/github.ts';
import type { TargetContext } from '../../../server/core/ports/target.ts';
import { type Ground, makeGround } from '../tools/ground.ts';
import { type GithubServer, startGithub, tokens } from './githubServer.ts';
import { contextOf, parcelOf } from './parcels.ts';

/** A server, a store, and what a publication to `octo/site` wants. */
export interface GithubGround extends AsyncDisposable {
  readonly server: GithubServer;
  readonly ground: Ground;
  config(change?: Record<string, unknown>): Config;
  /** A context for one execution more, which keeps what it notes. */
  context(change?: Partial<TargetContext>): TargetContext;
  parcel(texts: Record<string, string>): ReturnType<typeof parcelOf>;
}

/** Makes it; `token` is what the person connected. */
export async function githubGround(token: string | null = tokens.owner): Promise<GithubGround> {
  const ground = await makeGround();
  const server = await startGithub();
  return {
    server,
    ground,
    config: (change = {}) => github.config.parse({ repository: 'octo/site', api: server.url, ...change }),
    context: (change = {}) => {
      const context: { noted?: unknown } & TargetContext = {
        ...contextOf(ground),
        credential: async () => (token === null ? null : { token }),
        note: async (value) => {
          context.noted = JSON.parse(JSON.stringify(value));
        },
        ...change,
      };
      return context;
    },
    parcel: (texts) => parcelOf(ground, texts),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await ground[Symbol.asyncDispose]();
    },
  };
}
