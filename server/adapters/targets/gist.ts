import type { Target } from '../../core/ports/target.ts';
import { good } from '../../protocol/failure.ts';
import { Config } from './gist/config.ts';
import { tokenAccount } from './github/config.ts';
import { settled } from './github/refused.ts';

/** Publishes texts as a gist at GitHub, a new one or one that is there. */
export const gist: Target<Config> = {
  name: 'gist',
  title: 'GitHub gist',
  about: 'Sends text files to a gist: one or a few files without folders, secret or public.',
  config: Config,
  account: tokenAccount,

  async check(config, context) {
    const { findingsFor } = await import('./gist/publication.ts');
    return findingsFor(config, context);
  },

  plan: (parcel, config, context) =>
    settled(context.signal, async () => {
      const { planFor } = await import('./gist/publication.ts');
      return good(await planFor(parcel, config, context));
    }),

  publish: (parcel, config, context) =>
    settled(context.signal, async () => {
      const { publishTo } = await import('./gist/publication.ts');
      return good(await publishTo(parcel, config, context));
    }),

  async reconcile(parcel, config, context) {
    const { findIn } = await import('./gist/publication.ts');
    return findIn(parcel, config, context);
  },

  unpublish: (undo, context) =>
    settled(context.signal, async () => {
      const { takeBackFrom } = await import('./gist/takeBack.ts');
      return good(await takeBackFrom(undo, context));
    }),
};
