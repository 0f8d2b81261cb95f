import { createEmulator, type Emulator } from 'emulate';
import type { SignInPlace } from '../../server/adapters/signIn/tokens.ts';
import { freePort } from '../support/freePort.ts';

/** A Google to sign in to on the loopback, which starts when the first browser comes. */
export interface GoogleSignIn extends AsyncDisposable {
  readonly place: SignInPlace;
  /** Does what a person does in a browser: opens the address, chooses an account, and follows it back. */
  visit(address: string): Promise<void>;
  /** What the page said to which the browser came back. */
  readonly said: string[];
  /** Forgets everybody who ever signed in. */
  forget(): Promise<void>;
}

export const client = { clientId: 'the-client', clientSecret: 'said-openly' } as const;

/**
 * Prepares it. The emulated service takes only redirects that it was told of, to the port; ours has a free one, so
 * the service starts with what the first address says. One that is not strict takes any client from anywhere.
 */
export async function prepareGoogle(strict = true): Promise<GoogleSignIn> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let emulator: Emulator | null = null;
  const said: string[] = [];
  const scope = 'https://www.googleapis.com/auth/youtube.force-ssl';
  return {
    place: {
      title: 'Google',
      authorize: `${url}/o/oauth2/v2/auth`,
      token: `${url}/oauth2/token`,
      scope,
      wants: { access_type: 'offline', prompt: 'consent' },
    },
    said,
    visit: async (address) => {
      const asked = new URL(address);
      emulator ??= await start(port, strict ? [asked.searchParams.get('redirect_uri') ?? ''] : null);
      const page = await (await fetch(address)).text();
      const fields = new URLSearchParams();
      const form = page.slice(page.indexOf('<form'), page.indexOf('</form>'));
      for (const [input] of form.matchAll(/<input[^>]*>/g)) {
        const name = /name="([^"]*)"/.exec(input)?.[1];
        if (name) fields.set(name, unescaped(/value="([^"]*)"/.exec(input)?.[1] ?? ''));
      }
      if (fields.size === 0) throw new Error('There is no account to choose.');
      const chosen = await fetch(`${url}/o/oauth2/v2/auth/callback`, {
        method: 'POST',
        body: fields,
        redirect: 'manual',
      });
      said.push(await (await fetch(chosen.headers.get('location') ?? '')).text());
    },
    forget: async () => {
      await emulator?.reset();
    },
    [Symbol.asyncDispose]: async () => {
      await emulator?.close();
    },
  };
}

function start(port: number, redirects: string[] | null): Promise<Emulator> {
  const person = { email: 'person@example.invalid', name: 'A Person' };
  const own = { client_id: client.clientId, client_secret: client.clientSecret, name: 'Butler' };
  const known = redirects ? { oauth_clients: [{ ...own, redirect_uris: redirects }] } : {};
  return createEmulator({ service: 'google', port, seed: { google: { users: [person], ...known } } });
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
