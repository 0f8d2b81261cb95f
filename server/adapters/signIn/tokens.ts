import * as z from 'zod';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { textOf } from '../providers/body.ts';
import { tlsFault } from '../tlsFault.ts';

/** Where accounts of a kind are signed in to, by OAuth 2 as programs on a person's own machine do it (RFC 8252). */
export interface SignInPlace {
  /** As a person knows it: `Google`. */
  readonly title: string;
  /** Where the person says yes, in a browser. */
  readonly authorize: string;
  /** Where codes and refresh tokens become access tokens. */
  readonly token: string;
  /** All that is asked for. */
  readonly scope: string;
  /** What else the place wants to hear when signing in begins. */
  readonly wants: Readonly<Record<string, string>>;
}

/** The program as the place knows it; the secret of an installed program is none, but some places want it. */
export interface App {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
}

/** What a place gives: entry for a while, and what entry is got with again. */
export interface Tokens {
  readonly access: string;
  /** Milliseconds that it lasts. */
  readonly lasts: number;
  readonly refresh: string | null;
}

/** How long a token may be asked for, in ms. */
const longest = 30_000;
const Token = z.string().regex(/^[\x21-\x7e]{1,8192}$/);
const Granted = z.looseObject({
  access_token: Token,
  expires_in: z.number().positive().max(1e9).default(3600),
  refresh_token: Token.optional(),
  scope: z.string().optional(),
});
const Denied = z.looseObject({ error: z.string().regex(/^[a-z_]{1,60}$/) });

/** Asks a place for tokens; no failure says anything that was sent. */
export async function askForTokens(
  place: SignInPlace,
  app: App,
  grant: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Outcome<Tokens>> {
  const { clientId, clientSecret } = app;
  const form = { client_id: clientId, ...(clientSecret ? { client_secret: clientSecret } : {}), ...grant };
  const limit = AbortSignal.timeout(longest);
  try {
    const response = await fetch(place.token, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(form),
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit]),
    });
    const { text } = await textOf(response, 64_000);
    if (!response.ok) return bad(refusalOf(place, response.status, text));
    return tokensOf(place, text);
  } catch (error) {
    if (signal.aborted) return bad(failures.cancelled(`${place.title} was not asked to the end.`));
    const unsafe = tlsFault(place.title, error);
    if (unsafe) return bad({ ...failures.offline(unsafe.what), mend: unsafe.mend });
    return bad(failures.offline(`${place.title} could not be reached to sign in.`));
  }
}

function tokensOf(place: SignInPlace, text: string): Outcome<Tokens> {
  const parsed = Granted.safeParse(jsonOf(text));
  if (!parsed.success) return bad(failures.malformed(place.title, 'no token where one was asked for.'));
  const { access_token: access, expires_in: seconds, refresh_token: refresh, scope } = parsed.data;
  const given = scope?.split(' ');
  if (given && !place.scope.split(' ').every((one) => given.includes(one))) {
    const what = `${place.title} lets the butler in, but not to do what it is to do there.`;
    return bad({
      ...failures.wrongAccount(place.title),
      what,
      mend: 'Sign in again and leave every box ticked.',
    });
  }
  return good({ access, lasts: seconds * 1000, refresh: refresh ?? null });
}

function refusalOf({ title }: SignInPlace, status: number, text: string): Failure {
  if (status === 429) return failures.limited(title);
  if (status >= 500) return failures.overloaded(title);
  const denied = Denied.safeParse(jsonOf(text));
  const error = denied.success ? denied.data.error : '';
  if (error === 'invalid_grant') return failures.wrongAccount(title);
  if (['invalid_client', 'unauthorized_client', 'deleted_client'].includes(error)) {
    const what = `${title} does not know this client, or its secret is another.`;
    return failures.invalid('values.clientId', what, 'Enter the id and secret of your own OAuth client.');
  }
  return failures.malformed(title, error ? `the error ${error}.` : `status ${status}.`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
