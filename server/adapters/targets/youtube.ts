import type { Target } from '../../core/ports/target.ts';
import { accountFor } from './youtube/account.ts';
import { type Addresses, real } from './youtube/addresses.ts';
import { Config } from './youtube/config.ts';

/** Publishes one video to a channel; other addresses than the real ones are for tests. What it does is loaded late. */
export function createYouTube(addresses: Addresses = real): Target<Config> {
  const { host } = new URL(addresses.api);
  const account = (config: Config) => accountFor(config, host);
  const loaded = late(async () => {
    const { createActs } = await import('./youtube/acts.ts');
    return createActs(addresses, (config) => account(config).id);
  });

  return {
    name: 'youtube',
    title: 'YouTube',
    about: 'Uploads a video to a YouTube channel, private unless you say otherwise.',
    config: Config,

    account,
    signIn: async (config, values, context) => (await loaded()).signIn(config, values, context),
    check: async (config, context) => (await loaded()).check(config, context),
    plan: async (parcel, config, context) => (await loaded()).plan(parcel, config, context),
    publish: async (parcel, config, context) => (await loaded()).publish(parcel, config, context),
    reconcile: async (parcel, config, context) => (await loaded()).reconcile(parcel, config, context),
    unpublish: async (undo, context) => (await loaded()).unpublish(undo, context),
  };
}

/** YouTube itself. */
export const youtube = createYouTube();

/** Makes something when it is wanted first, and once. */
function late<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
