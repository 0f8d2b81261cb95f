import type * as z from 'zod';
import type { TargetAccount, TargetFinding } from '../../../protocol/target.ts';
import type { RemoteFolder, RemotePlace } from './remoteFolder.ts';

/** What makes a target of a kind of remote folder. */
export interface RemoteKind<C> {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** The shape of its config, JSON values only. */
  readonly config: z.ZodType<C>;
  readonly place: RemotePlace<C>;
  account(config: C): TargetAccount;
  /** Looks at more than what every remote folder has; the folder could be opened. */
  check?(config: C, folder: RemoteFolder, signal: AbortSignal): Promise<readonly TargetFinding[]>;
}
