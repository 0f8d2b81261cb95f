import type { Credential, Parcel, Target, TargetContext } from '../../../server/core/ports/target.ts';

/** What one publication of ours wants. */
export interface Errand {
  readonly credential: Credential;
  readonly blobs: TargetContext['blobs'];
  readonly parcel: Parcel;
  readonly execution: string;
}

/** Publishes with a target of ours, as a job would. */
export async function publish<Config>(
  target: Target<Config>,
  config: unknown,
  { credential, blobs, parcel, execution }: Errand,
): Promise<void> {
  const context: TargetContext = {
    workspace: '/',
    execution,
    signal: new AbortController().signal,
    blobs,
    now: () => Date.now(),
    ownFolders: [],
    credential: async () => credential,
    progress: () => {},
    note: async () => {},
  };
  const outcome = await target.publish(parcel, target.config.parse(config), context);
  if (!outcome.ok) throw new Error(outcome.failure.what);
}
