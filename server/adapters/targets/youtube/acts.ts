import type { Credential, Parcel, SignInContext, Target, TargetContext } from '../../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { createAccessTokens } from '../../signIn/accessTokens.ts';
import { signInWithBrowser } from '../../signIn/signIn.ts';
import type { Addresses } from './addresses.ts';
import type { Config } from './config.ts';
import { checkChannel, planVideo } from './planning.ts';
import { type Publishing, publishVideo, takeUp } from './publishing.ts';
import { shipmentOf } from './shipment.ts';
import { takeBack, Undo } from './takeBack.ts';
import { openTalk, type Talk } from './talk.ts';

/** What the target does, as its port says. */
export type Acts = Required<
  Pick<Target<Config>, 'signIn' | 'check' | 'plan' | 'publish' | 'reconcile' | 'unpublish'>
>;

/** The acts over addresses; entry to accounts is held in memory between them. */
export function createActs(addresses: Addresses, accountOf: (config: Config) => string): Acts {
  const tokens = createAccessTokens(addresses.signIn, Date.now);
  const talkAs = (credential: Credential | null, signal: AbortSignal): Outcome<Talk> => {
    const { clientId, clientSecret, refreshToken } = credential ?? {};
    if (!clientId || !refreshToken) return bad(failures.noAccount('YouTube'));
    const kept = { clientId, clientSecret, refreshToken };
    return good(openTalk({ api: addresses.api, tokens, kept, signal, now: Date.now }));
  };
  const talkOf = async (account: string, context: TargetContext): Promise<Outcome<Talk>> =>
    talkAs(await context.credential(account), context.signal);

  return {
    signIn: async (config, values, context) => {
      const signed = await signedIn(values, context);
      if (!signed.ok) return signed;
      const talk = talkAs(signed.value, context.signal);
      if (!talk.ok) return talk;
      const wrong = (await checkChannel(talk.value, config)).find((finding) => !finding.good);
      return wrong ? bad(failures.denied(wrong.what, wrong.mend ?? 'Sign in again.')) : signed;
    },

    check: async (config, context) => {
      const talk = await talkOf(accountOf(config), context);
      if (talk.ok) return checkChannel(talk.value, config);
      return [{ good: false, what: talk.failure.what, mend: talk.failure.mend }];
    },

    plan: async (parcel, config, context) => {
      const talk = await talkOf(accountOf(config), context);
      return talk.ok ? planVideo(talk.value, parcel, config) : talk;
    },

    publish: async (parcel, config, context) => {
      if (context.signal.aborted) return bad(failures.cancelled('Nothing was published.'));
      const work = await workOn(parcel, config, context);
      return work.ok ? publishVideo(work.value) : work;
    },

    reconcile: async (parcel, config, context) => {
      const work = await workOn(parcel, config, context);
      if (!work.ok) throw new Error(work.failure.what);
      const attempt = await takeUp(work.value);
      if (attempt.kind === 'failed' && !attempt.clean) throw new Error(attempt.failure.what);
      return attempt.kind === 'stands' ? attempt.published : null;
    },

    unpublish: async (given, context) => {
      const undo = Undo.parse(given);
      const talk = await talkOf(undo.account, context);
      return talk.ok ? takeBack(talk.value, undo) : talk;
    },
  };

  async function workOn(
    parcel: Parcel,
    config: Config,
    context: TargetContext,
  ): Promise<Outcome<Publishing>> {
    const account = accountOf(config);
    const talk = await talkOf(account, context);
    if (!talk.ok) return talk;
    const shipment = shipmentOf(parcel, config);
    if (!shipment.ok) return shipment;
    return good({ talk: talk.value, account, shipment: shipment.value, context, addresses });
  }

  async function signedIn(values: Credential, context: SignInContext): Promise<Outcome<Credential>> {
    const clientId = values.clientId?.trim() ?? '';
    const clientSecret = values.clientSecret?.trim() ?? '';
    const signed = await signInWithBrowser(addresses.signIn, { clientId, clientSecret }, context);
    if (!signed.ok) return signed;
    const refreshToken = signed.value.refresh;
    tokens.learn({ clientId, clientSecret: clientSecret || undefined, refreshToken }, signed.value);
    return good({ clientId, ...(clientSecret ? { clientSecret } : {}), refreshToken });
  }
}
