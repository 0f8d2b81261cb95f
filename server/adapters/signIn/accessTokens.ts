import { hash } from 'node:crypto';
import { good, type Outcome } from '../../protocol/failure.ts';
import { type App, askForTokens, type SignInPlace, type Tokens } from './tokens.ts';

/** What is kept of an account to come back with. */
export interface KeptSignIn extends App {
  readonly refreshToken: string;
}

/** Entry for accounts that were signed in to; it lives in memory only. */
export interface AccessTokens {
  get(kept: KeptSignIn, signal: AbortSignal): Promise<Outcome<string>>;
  /** What was just got another way. */
  learn(kept: KeptSignIn, tokens: Tokens): void;
  /** One that was refused; another is asked for the next time. */
  forget(access: string): void;
}

/** Milliseconds before its end from which one counts as over. */
const margin = 60_000;
/** Accounts whose entry is held. */
const most = 50;

/** Holds the entry of each account of a place until it is over. */
export function createAccessTokens(place: SignInPlace, now: () => number): AccessTokens {
  const held = new Map<string, { readonly access: string; readonly until: number }>();
  const learn = (kept: KeptSignIn, { access, lasts }: Tokens) => {
    if (held.size >= most) held.clear();
    held.set(nameOf(kept), { access, until: now() + lasts - margin });
  };
  return {
    learn,
    get: async (kept, signal) => {
      const one = held.get(nameOf(kept));
      if (one && now() < one.until) return good(one.access);
      const grant = { grant_type: 'refresh_token', refresh_token: kept.refreshToken };
      const asked = await askForTokens(place, kept, grant, signal);
      if (!asked.ok) return asked;
      learn(kept, asked.value);
      return good(asked.value.access);
    },
    forget: (access) => {
      for (const [name, one] of held) if (one.access === access) held.delete(name);
    },
  };
}

function nameOf({ clientId, clientSecret, refreshToken }: KeptSignIn): string {
  return hash('sha256', JSON.stringify([clientId, clientSecret ?? '', refreshToken]));
}
