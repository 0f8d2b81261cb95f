import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listProviders, providersChanged, saveProvider } from '../../../server/protocol/provider.ts';
import { type LspClient, startClient } from '../../support/lspClient.ts';

describe('the providers of two windows', () => {
  let root: string;
  const clients: LspClient[] = [];
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'butler-windows-'));
    const workspace = path.join(root, 'workspace');
    await mkdir(workspace);
    for (const _ of ['one', 'other'])
      clients.push(await startClient({ home: path.join(root, 'home'), workspace }));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await rm(root, { recursive: true, force: true });
  });

  it('are the same, and each hears when the other changes them', async () => {
    const [one, other] = clients;
    assert.ok(one && other);
    await other.send(listProviders, {});
    const heard = new Promise<void>((resolve) => {
      other.connection.onNotification(providersChanged.method, () => resolve());
    });
    const config = { name: 'house', kind: 'compatible', baseUrl: 'http://127.0.0.1:9/v1' } as const;
    await one.send(saveProvider, { config });
    await heard;
    const { providers } = await other.send(listProviders, {});
    assert.deepEqual(providers.find(({ name }) => name === 'house')?.config, config);
  }).timeout(60_000);
});
