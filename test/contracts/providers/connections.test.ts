import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { globalAgent } from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { askOver, type HttpQuestion } from '../../../server/adapters/providers/httpAnswer.ts';
import { bodyWith, messageBytes } from '../../../server/adapters/providers/messageBytes.ts';
import { Unreached } from '../../../server/adapters/providers/refusal.ts';
import { unlessSent } from '../../../server/adapters/providers/sent.ts';
import type { ProviderMessage } from '../../../server/core/ports/provider.ts';
import { failures } from '../../../server/protocol/failure.ts';
import { answering, listen } from '../../support/loopback.ts';
import { answered, onEach, startRaw } from './rawBytes.ts';

const never = new AbortController().signal;
const get = (more: Partial<HttpQuestion> = {}): HttpQuestion => ({ method: 'GET', headers: {}, ...more });

async function said(address: string, question: HttpQuestion = get()): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await askOver(address, question, never)).body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** The system's word for why nothing came. */
async function whyNot(address: string, question: HttpQuestion = get()): Promise<unknown> {
  const error = await askOver(address, question, never).catch((thrown) => thrown);
  assert.ok(error instanceof Unreached, String(error));
  return (error.cause as NodeJS.ErrnoException).code;
}

describe('connections to services', () => {
  const unasked: Readonly<Record<string, string | Buffer>> = {
    'a second answer': answered('of nobody'),
    'half a head': 'HTTP/1.1 200 OK\r\nx: ',
    'what is no answer': 'of nobody',
  };
  for (const [what, bytes] of Object.entries(unasked)) {
    it(`give nobody ${what} that was not asked for, whenever it comes`, async () => {
      for (const late of [null, 0, 5]) {
        let asked = 0;
        await using service = await startRaw(
          onEach((socket) => {
            const answer = answered(`${++asked}`);
            if (late === null) return socket.write(Buffer.concat([answer, Buffer.from(bytes)]));
            return socket.write(answer, () => setTimeout(() => socket.write(bytes), late));
          }),
        );
        for (const expected of ['1', '2', '3']) {
          assert.equal(await said(service.url), expected);
          const socket = service.sockets.at(-1);
          if (late !== null && socket && !socket.closed) await once(socket, 'close');
        }
      }
    });
  }

  it('that ended unseen, or end as they are taken again, are replaced, and nobody hears of it', async () => {
    await using unseen = await startRaw(onEach((socket) => socket.end(answered('hello'))));
    await using late = await startRaw(
      onEach((socket, nth) => (nth === 2 ? socket.destroy() : socket.write(answered('hello')))),
    );
    for (const { url } of [unseen, late]) {
      for (let round = 0; round < 4; round++) {
        assert.equal(await said(url, get({ method: 'POST', body: [Buffer.from('?')] })), 'hello');
      }
    }
  });

  it('ask once only where nothing was kept, or was kept and worked a while: the question may have arrived', async () => {
    let asked = 0;
    await using service = await startRaw(
      onEach((socket) => {
        if (++asked === 1) socket.write(answered('hello'));
        else setTimeout(() => socket.destroy(), asked === 2 ? 0 : 1_100);
      }),
    );
    assert.equal(await said(service.url), 'hello');
    assert.equal(await whyNot(service.url, get({ anew: true })), 'ECONNRESET');
    assert.equal(await whyNot(service.url), 'ECONNRESET');
    assert.deepEqual([asked, service.sockets.length], [3, 2]);
  });

  it('that are to speak another protocol are ended', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';
    await using service = await startRaw(onEach((socket) => socket.write(upgrade)));
    await whyNot(service.url);
    assert.equal(service.sockets.length, 1);
  });

  it('are encrypted however the address writes its scheme', async () => {
    await using service = await startRaw(onEach((socket) => socket.write(answered('in the clear'))));
    assert.equal(await whyNot(service.url.replace('http:', 'HTTPS:')), 'EPROTO');
    assert.equal(await said(service.url.replace('http:', 'HTTP:')), 'in the clear');
  });

  it('that do not come about in time are given up, and nothing was ordered', async () => {
    await using service = await startRaw((socket) => socket.resume());
    const secure = service.url.replace('http:', 'https:');
    const error = await askOver(secure, get({ connectWithin: 50 }), never).catch((thrown) => thrown);
    assert.equal((error.cause as NodeJS.ErrnoException).code, 'ERR_SOCKET_CONNECTION_TIMEOUT');
    assert.equal(unlessSent(failures.offline('It is away.'), error, 'It').kind, 'offline');
    const [socket] = service.sockets;
    if (socket && !socket.destroyed) await once(socket, 'close');
  });

  it('that came about wait for an answer as long as it takes, also where they were kept', async () => {
    await using service = await answering((_, response) => setTimeout(() => response.end('at last'), 450));
    const asked = (anew: boolean) => said(service.url, get({ connectWithin: 300, anew }));
    assert.equal(await asked(false), 'at last');
    assert.deepEqual(await Promise.all([asked(false), asked(true)]), ['at last', 'at last']);
  });

  it('are used hundreds of times without anything that piles up', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    await using service = await startRaw(onEach((socket) => socket.write(answered('hello'))));
    for (let round = 0; round < 200; round++) assert.equal(await said(service.url), 'hello');
    await pause(1);
    process.off('warning', note);
    assert.deepEqual(warnings, []);
    assert.equal(service.sockets.length, 1);
    const { port } = new URL(service.url);
    const kept = Object.values(globalAgent.freeSockets).flatMap((sockets) => sockets ?? []);
    const mine = kept.find(({ remotePort }) => String(remotePort) === port);
    assert.ok(mine?.eventNames().every((name) => mine.listenerCount(name) <= 2));
  });

  it('send a long conversation without a copy of it, and what is told next changes nothing of it', async () => {
    const messages: ProviderMessage[] = [{ role: 'user', text: 'x'.repeat(20_000_000) }];
    const kept = messageBytes((message) => [message]);
    const arrived: string[] = [];
    const { promise: mayRead, resolve: read } = Promise.withResolvers<void>();
    await using service = await listen(async (request, response) => {
      await mayRead;
      const hash = createHash('sha256');
      for await (const piece of request) hash.update(piece);
      arrived.push(hash.digest('hex'));
      response.end('done');
    });
    const bodies = [1, 2, 3].map(() => {
      messages.push({ role: 'user', text: 'and then?'.repeat(1_000) });
      return bodyWith({ model: 'm' }, 'messages', kept.of([...messages]));
    });
    const hashes = bodies.map((body) => createHash('sha256').update(Buffer.concat(body)).digest('hex'));
    const before = process.memoryUsage().arrayBuffers;
    const asked = bodies.map((body) => said(service.url, get({ method: 'POST', body })));
    await pause(100);
    const grown = process.memoryUsage().arrayBuffers - before;
    messages.push({ role: 'user', text: 'again '.repeat(1_000) });
    kept.of([...messages]);
    read();
    assert.deepEqual(await Promise.all(asked), ['done', 'done', 'done']);
    assert.deepEqual(arrived.sort(), hashes.sort());
    assert.ok(grown < 5_000_000, `${grown} bytes more`);
  });

  it('go through the proxy of the environment, those of an order too', async () => {
    await using proxy = await answering((request, response) => response.end(`by proxy ${request.url}`));
    const module = path.join(import.meta.dirname, '../../../server/adapters/providers/httpAnswer.ts');
    const code = `
      const { askOver } = await import(process.argv[1]);
      for (const anew of [false, true]) {
        const answer = await askOver('http://model.example/v1', { method: 'GET', headers: {}, anew }, new AbortController().signal);
        for await (const piece of answer.body) process.stdout.write(piece);
      }`;
    const env = {
      ...process.env,
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: proxy.url,
      http_proxy: proxy.url,
      no_proxy: '',
      NO_PROXY: '',
    };
    const args = ['--no-warnings', '--input-type=module', '-e', code, module];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    assert.equal(stdout, 'by proxy http://model.example/v1'.repeat(2));
  });
});
