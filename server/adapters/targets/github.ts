import type { Target } from '../../core/ports/target.ts';
import { good } from '../../protocol/failure.ts';
import { Config, tokenAccount } from './github/config.ts';
import { settled } from './github/refused.ts';

/** Publishes into a repository at GitHub: a pull request, a commit, a release or a website. */
export const github: Target<Config> = {
  name: 'github',
  title: 'GitHub',
  about: 'Sends the files to a repository: as a pull request, a commit, a release or a website.',
  config: Config,
  account: tokenAccount,

  async check(config, context) {
    const { findingsFor } = await import('./github/check.ts');
    return findingsFor(config, context);
  },

  plan: (parcel, config, context) =>
    settled(context.signal, async () => {
      const { planFor } = await import('./github/plan.ts');
      return good(await planFor(parcel, config, context));
    }),

  publish: (parcel, config, context) =>
    settled(context.signal, async () => {
      const { publishTo } = await import('./github/publication.ts');
      return good(await publishTo(parcel, config, context));
    }),

  async reconcile(parcel, config, context) {
    const { findIn } = await import('./github/publication.ts');
    return findIn(parcel, config, context);
  },

  unpublish: (undo, context) =>
    settled(context.signal, async () => {
      const { takeBackFrom } = await import('./github/publication.ts');
      return good(await takeBackFrom(undo, context));
    }),
};
