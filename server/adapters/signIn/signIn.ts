import { createHash, randomBytes } from 'node:crypto';
import type { SignInContext } from '../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { journey } from './redirect.ts';
import { type App, askForTokens, type SignInPlace, type Tokens } from './tokens.ts';

/** How long a person may take in the browser, in ms. */
const patience = 5 * 60_000;

/** What signing in gave; the refresh token is there for sure. */
export type SignedIn = Tokens & { readonly refresh: string };

/** Signs in with the person's browser: authorization code with PKCE (RFC 7636), back over the loopback. */
export async function signInWithBrowser(
  place: SignInPlace,
  app: App,
  { signal, open }: SignInContext,
  time = patience,
): Promise<Outcome<SignedIn>> {
  const verifier = randomBytes(48).toString('base64url');
  const state = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const begin = async (redirect: string) => {
    const asked = new URL(place.authorize);
    const wanted = {
      ...place.wants,
      client_id: app.clientId,
      redirect_uri: redirect,
      response_type: 'code',
      scope: place.scope,
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(wanted)) asked.searchParams.set(name, value);
    await open(asked.href);
  };
  const finish = async (code: string, redirect: string): Promise<Outcome<SignedIn>> => {
    const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirect };
    const tokens = await askForTokens(place, app, grant, signal);
    if (!tokens.ok) return tokens;
    const { refresh } = tokens.value;
    if (refresh) return good({ ...tokens.value, refresh });
    return bad(failures.malformed(place.title, 'no refresh token, so the butler could not come back later.'));
  };
  return journey({ title: place.title, state, signal, patience: time, begin, finish });
}
