import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { McpHost, McpPlace } from '../../../server/core/ports/mcp.ts';
import { good } from '../../../server/protocol/failure.ts';
import { openAddress } from './address.ts';
import { shortHost } from './mcpStage.ts';

describe('an MCP server at an address', function () {
  this.timeout(60_000);
  let folder = '';
  let host: McpHost;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-mcp-'));
    host = shortHost(folder);
  });
  afterEach(async () => {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });

  const placeAt = (url: string, headers: Record<string, string> = {}): McpPlace => ({
    key: 'one',
    digest: 'd',
    open: async () => good({ kind: 'http', url, headers }),
  });
  const call = (place: McpPlace) => {
    const control = { signal: new AbortController().signal, progress: () => undefined };
    return host.call(place, 'look', {}, control);
  };

  it('is sent the headers of its set-up, and nothing of ours', async () => {
    const address = await openAddress();
    const called = await call(placeAt(address.url, { authorization: 'Bearer of the test' }));
    assert.deepEqual(called, good('did look'));
    for (const { headers } of address.requests) {
      assert.equal(headers.authorization, 'Bearer of the test');
      assert.equal(headers.cookie, undefined);
    }
    await address.close();
  });

  it('that went away is a failure, and is connected anew when it is back', async () => {
    const first = await openAddress();
    const place = placeAt(first.url);
    assert.ok((await call(place)).ok);
    await first.close();
    assert.equal((await call(place)).ok, false);
    const again = await openAddress({ port: Number(new URL(first.url).port) });
    host.forgive('one');
    assert.deepEqual(await call(place), good('did look'));
    await again.close();
  });

  it('is named with the other host where it redirects there', async () => {
    const other = await openAddress();
    const address = await openAddress({ redirect: { status: 307, to: other.url } });
    const called = await call(placeAt(address.url, { authorization: 'Bearer of the test' }));
    assert.match(!called.ok ? called.failure.what : '', new RegExp(`Redirect to ${other.url} not followed`));
    assert.deepEqual(other.requests, []);
    await Promise.all([address.close(), other.close()]);
  });
});
