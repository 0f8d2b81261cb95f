import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import { signInTarget } from '../../../server/protocol/target.ts';
import { type LspClient, refusalOf, startClient } from '../../support/lspClient.ts';

describe('a browser that an editor lends', () => {
  let home: string;
  let client: LspClient;
  const start = async (support: boolean) => {
    home = await mkdtemp(path.join(tmpdir(), 'butler-browser-'));
    const capabilities = { window: { showDocument: { support } } };
    client = await startClient({ home, workspace: home, capabilities });
  };
  afterEach(async () => {
    await client.close();
    await rm(home, { recursive: true, force: true });
  });
  const params = { type: 'youtube', config: { madeForKids: false }, values: { clientId: 'the-client' } };

  it('is sent to the place to sign in, outside of the editor, and comes back to the worker', async () => {
    await start(true);
    const shown: { uri: string; external?: boolean }[] = [];
    let page = Promise.resolve('');
    client.connection.onRequest('window/showDocument', (what: { uri: string; external?: boolean }) => {
      shown.push(what);
      const asked = new URL(what.uri).searchParams;
      const back = `${asked.get('redirect_uri')}?error=access_denied&state=${asked.get('state')}`;
      page = fetch(back).then((response) => response.text());
      return { success: true };
    });
    const failure = await refusalOf(client.connection.sendRequest(signInTarget.method, params));
    assert.equal(failure.kind, 'denied');
    assert.deepEqual([shown.length, shown[0]?.external], [1, true]);
    const { origin, searchParams } = new URL(shown[0]?.uri ?? '');
    assert.equal(origin, 'https://accounts.google.com');
    assert.equal(searchParams.get('scope'), 'https://www.googleapis.com/auth/youtube.force-ssl');
    assert.match(await page, /did not work/);
  });

  it('is not waited for once the request is cancelled', async () => {
    await start(true);
    const stop = new CancellationTokenSource();
    client.connection.onRequest('window/showDocument', () => {
      stop.cancel();
      return { success: true };
    });
    const asked = client.connection.sendRequest(signInTarget.method, params, stop.token);
    assert.equal((await refusalOf(asked)).kind, 'cancelled');
  });

  it('is missed in words where the editor lends none, or does not show it', async () => {
    await start(false);
    const none = await refusalOf(client.connection.sendRequest(signInTarget.method, params));
    assert.equal(none.kind, 'tool');
    await client.close();
    await rm(home, { recursive: true, force: true });
    await start(true);
    client.connection.onRequest('window/showDocument', () => ({ success: false }));
    const refused = await refusalOf(client.connection.sendRequest(signInTarget.method, params));
    assert.match(refused.what, /browser did not open/);
  });
});
