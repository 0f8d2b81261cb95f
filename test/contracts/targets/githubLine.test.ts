import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { openApi } from '../../../server/adapters/targets/github/api.ts';
import { Refused } from '../../../server/adapters/targets/github/refused.ts';
import { github } from '../../../server/adapters/targets/github.ts';
import { soonAfter } from '../../../server/adapters/targets/soonAfter.ts';
import { kindOf } from '../tools/ground.ts';
import { githubGround } from './githubGround.ts';

describe('the line to GitHub', function () {
  this.timeout(60_000);

  const answers: Record<string, string> = {
    'a status that is none': 'HTTP/1.1 799 No\r\ncontent-length: 0\r\n\r\n',
    'no HTTP': 'SSH-2.0-server\r\n\r\n',
    'an answer that breaks off': 'HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{"lo',
    'a header that never ends': `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`,
    nothing: '',
  };

  for (const [name, answer] of Object.entries(answers)) {
    for (const sends of ['JSON', 'pieces']) {
      it(`is refused in words where the server answers with ${name} (${sends})`, async () => {
        await using server = await answering(answer);
        const context = { signal: new AbortController().signal, now: () => 1 };
        using api = openApi(server.url, 'key', context);
        const bytes = Buffer.alloc(100_000);
        async function* open() {
          yield bytes;
        }
        const pieces = { size: bytes.length, mime: 'x/y', open: async () => open() };
        const asked = api.ask({
          method: 'POST',
          path: '/x',
          reads: z.unknown(),
          ...(sends === 'JSON' ? { body: {} } : { pieces }),
        });
        await assert.rejects(asked, (error) => error instanceof Refused && error.failure.what.length < 200);
      });
    }
  }

  it('goes on a moment after a stop with what must not stand half, and no longer', async () => {
    const stop = new AbortController();
    using late = soonAfter(stop.signal, 20);
    await sleep(30);
    assert.ok(!late.signal.aborted);
    stop.abort('abort');
    assert.ok(!late.signal.aborted);
    await once(late.signal, 'abort');
    using already = soonAfter(stop.signal, 20);
    await once(already.signal, 'abort');
  });

  it('sends nothing more once one file was refused', async () => {
    await using hub = await githubGround();
    let count = 0;
    hub.server.gate.rules.push(async ({ path }) => {
      if (!path.endsWith('/git/blobs')) return null;
      if (++count === 2) return { status: 403, body: { message: 'Quota' } };
      await sleep(count === 1 ? 60_000 : 20, null, { ref: false });
      return null;
    });
    const texts = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}.bin`, `\0${at}`]));
    const outcome = await github.publish(await hub.parcel(texts), hub.config(), hub.context());
    assert.equal(kindOf(outcome), 'denied');
    const sent = count;
    assert.ok(sent <= 3);
    await sleep(100);
    assert.equal(count, sent);
  });
});

/** A server that says the same to whoever comes, and hangs up. */
async function answering(answer: string): Promise<{ url: string } & AsyncDisposable> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
