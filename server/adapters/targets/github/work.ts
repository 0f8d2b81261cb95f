import * as z from 'zod';
import type { Parcel, TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { openApi } from './api.ts';
import { ApiUrl, Config, placeOf, User } from './config.ts';
import { type Hub, hubOf } from './hub.ts';
import { refuse } from './refused.ts';
import type { Repository } from './repository.ts';
import { Sha } from './tree.ts';

/** One publication on its way. */
export interface Work {
  readonly hub: Hub;
  readonly config: Config;
  readonly parcel: Parcel;
  readonly context: TargetContext;
}

/** An asset as it was sent; the digest is the SHA-256 of its bytes. */
const SentAsset = z.strictObject({ name: z.string(), size: z.int(), digest: z.string() });
export type SentAsset = z.infer<typeof SentAsset>;

/** A publication that stands. */
export interface Done {
  readonly location: string;
  readonly version: string;
  readonly branch: string;
  /** Whether the branch came with it. */
  readonly fresh?: boolean;
  readonly commit: string;
  readonly pull?: number;
  readonly release?: number;
  readonly tag?: string;
  /** Of a release: its title, its text and its assets. */
  readonly title?: string;
  readonly text?: string;
  readonly assets?: readonly SentAsset[];
  /** Whether its website came with it. */
  readonly site?: boolean;
}

/** One way to publish into a repository. */
export interface Way {
  /** What taking it back does, as one sentence. */
  readonly undoes: string;
  publish(work: Work, repository: Repository): Promise<Done>;
  /**
   * The publication of the execution, carried to its end; `null` where nothing of it can be seen. A list is read so
   * many `pages` far.
   */
  find(work: Work, repository: Repository, pages: number): Promise<Done | null>;
  takeBack(hub: Hub, undo: Undo, context: TargetContext): Promise<void>;
}

/** What taking a publication back wants to know. */
export const Undo = z.strictObject({
  mode: Config.shape.mode,
  api: ApiUrl,
  user: User,
  repository: Config.shape.repository,
  execution: z.string(),
  folder: z.string().optional(),
  /** Whether the repository was created for it. */
  created: z.boolean(),
  branch: z.string(),
  fresh: z.boolean().optional(),
  commit: Sha,
  pull: z.int().optional(),
  release: z.int().optional(),
  tag: z.string().optional(),
  title: z.string().optional(),
  text: z.string().optional(),
  assets: z.array(SentAsset).optional(),
  site: z.boolean().optional(),
});
export type Undo = z.infer<typeof Undo>;

/** Opens the repository of a config with its token; nothing is asked of the network before there is one. */
export async function openHub(
  config: Pick<Config, 'repository' | 'api' | 'user'>,
  context: TargetContext,
): Promise<Hub> {
  const place = placeOf(config);
  return hubOf(openApi(place.api, await tokenOf(place.account, context), context), place);
}

/** The token of an account; refuses where it is not connected. */
export async function tokenOf(account: string, context: TargetContext): Promise<string> {
  const token = (await context.credential(account))?.token?.trim();
  if (!token) return refuse(failures.noAccount(account));
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  return refuse(failures.wrongAccount('GitHub'));
}
