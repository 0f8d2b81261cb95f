import assert from 'node:assert/strict';
import { createAccessTokens } from '../../../server/adapters/signIn/accessTokens.ts';
import { signInWithBrowser } from '../../../server/adapters/signIn/signIn.ts';
import { askForTokens } from '../../../server/adapters/signIn/tokens.ts';
import { client, type GoogleSignIn, prepareGoogle } from '../../servers/googleSignIn.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { listenEncrypted } from '../../support/loopback.ts';
import { kindOf, value } from '../tools/ground.ts';

describe('signing in to Google', () => {
  let google: GoogleSignIn;
  beforeEach(async () => {
    google = await prepareGoogle();
  });
  afterEach(() => google[Symbol.asyncDispose]());
  const { signal } = new AbortController();
  const signIn = (open: (url: string) => Promise<void>) =>
    signInWithBrowser(google.place, client, { signal, open }, 10_000);

  it('brings a refresh token by code and PKCE, with nothing secret in the address', async () => {
    let asked = new URL('http://nowhere.invalid');
    let visited = Promise.resolve();
    const signed = value(
      await signIn((url) => {
        asked = new URL(url);
        visited = google.visit(url);
        return visited;
      }),
    );
    assert.ok(signed.refresh.length > 10 && signed.access.length > 10);
    const said = Object.fromEntries(asked.searchParams);
    assert.deepEqual(
      [said.response_type, said.code_challenge_method, said.access_type, said.scope],
      ['code', 'S256', 'offline', google.place.scope],
    );
    assert.match(said.redirect_uri ?? '', /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.ok((said.state ?? '').length >= 43 && (said.code_challenge ?? '').length === 43);
    assert.ok(!asked.href.includes(client.clientSecret));
    await visited;
    assert.match(google.said.at(-1) ?? '', /You are signed in/);
  });

  it('gets entry again and again with what was kept, until that is taken back', async () => {
    const { refresh: refreshToken } = value(await signIn(google.visit));
    let now = 0;
    const tokens = createAccessTokens(google.place, () => now);
    const kept = { ...client, refreshToken };
    const first = value(await tokens.get(kept, signal));
    assert.equal(value(await tokens.get(kept, signal)), first, 'held until it is over');
    now += 3_600_000;
    const second = value(await tokens.get(kept, signal));
    assert.notEqual(second, first);
    tokens.forget(second);
    assert.notEqual(value(await tokens.get(kept, signal)), second);
    const other = { ...kept, refreshToken: 'another' };
    assert.equal(kindOf(await tokens.get(other, signal)), 'auth');
    now += 3_600_000;
    await google.forget();
    const over = await tokens.get(kept, signal);
    assert.ok(!over.ok && over.failure.kind === 'auth' && /[Cc]onnect/.test(over.failure.mend));
  });

  it('does not take a code without its verifier, nor an unknown client', async () => {
    const stolen = await signIn(async (url) => {
      const asked = new URL(url);
      const redirect = asked.searchParams.get('redirect_uri') ?? '';
      asked.searchParams.set('state', 'other');
      await google.visit(asked.href);
      await fetch(`${redirect}?state=${new URL(url).searchParams.get('state')}&code=unknown`);
    });
    assert.equal(kindOf(stolen), 'auth', 'a code that was not given for this journey');
    assert.match(google.said.at(-1) ?? '', /nothing here/i, 'one that comes back with another state');
    const grant = { grant_type: 'refresh_token', refresh_token: 'x' };
    const wrong = await askForTokens(google.place, { clientId: 'other' }, grant, signal);
    assert.ok(!wrong.ok && wrong.failure.field === 'values.clientId');
  });

  it('tells why a place cannot show that it is the one, and tells that place nothing', async () => {
    await using own = await makeCertificate();
    let asked = 0;
    await using stranger = await listenEncrypted(own, () => asked++);
    const grant = { grant_type: 'refresh_token', refresh_token: 'x' };
    const refused = await askForTokens({ ...google.place, token: stranger.url }, client, grant, signal);
    assert.ok(!refused.ok && refused.failure.kind === 'offline');
    assert.match(refused.failure.what, /Google is not safe.*signed .* itself/);
    assert.match(refused.failure.mend, /NODE_EXTRA_CA_CERTS/);
    assert.equal(asked, 0);
  });
});
