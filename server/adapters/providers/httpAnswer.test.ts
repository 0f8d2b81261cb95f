import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { askOver } from './httpAnswer.ts';
import { Unreached, Unreadable } from './refusal.ts';

const never = new AbortController().signal;

async function serving<T>(answer: RequestListener, act: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('an answer over HTTP', () => {
  const said = 'Größe 👩‍👩‍👧‍👦, more than once. '.repeat(3000);

  it('comes to a body in pieces that arrives as one, however long', async () => {
    await serving(
      async (request, response) => {
        const got = await textOf(request);
        response.end(JSON.stringify([request.method, request.headers['content-length'], got]));
      },
      async (url) => {
        const pieces = ['{"list":[', said, ',', said, ']}'].map((one) => Buffer.from(one));
        const { body } = await askOver(url, { method: 'POST', headers: {}, body: pieces }, never);
        const whole = Buffer.concat(pieces);
        assert.deepEqual(JSON.parse(await textOf(body)), ['POST', String(whole.length), whole.toString()]);
      },
    );
  });

  it('uses a connection again that was read to its end, but for what asks for one of its own', async () => {
    const ports = new Set<number | undefined>();
    await serving(
      (request, response) => {
        ports.add(request.socket.remotePort);
        response.end('done');
      },
      async (url) => {
        for (const anew of [false, false, true, false, false]) {
          const { body } = await askOver(url, { method: 'GET', headers: {}, anew }, never);
          assert.equal(await textOf(body), 'done');
          await new Promise(setImmediate);
        }
      },
    );
    assert.equal(ports.size, 2);
  });

  for (const [coding, pack] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const) {
    it(`is unpacked where it is packed as ${coding}`, async () => {
      await serving(
        (_, response) => response.writeHead(200, { 'content-encoding': coding }).end(pack(said)),
        async (url) => {
          const { body } = await askOver(url, { method: 'GET', headers: {} }, never);
          assert.equal(await textOf(body), said);
        },
      );
    });
  }

  it('that is packed otherwise cannot be read, and is named', async () => {
    await serving(
      (_, response) => response.writeHead(200, { 'content-encoding': 'zip' }).end('PK'),
      async (url) => {
        const { body } = await askOver(url, { method: 'GET', headers: {} }, never);
        await assert.rejects(
          textOf(body),
          (error) => error instanceof Unreadable && /zip/.test(error.message),
        );
      },
    );
  });

  for (const packed of [false, true]) {
    it(`that breaks off${packed ? ', packed,' : ''} is one that did not come`, async () => {
      await serving(
        (_, response) => {
          const whole = packed ? gzipSync(said) : Buffer.from(said);
          const length = {
            'content-length': whole.length,
            ...(packed ? { 'content-encoding': 'gzip' } : {}),
          };
          response
            .writeHead(200, length)
            .write(whole.subarray(0, whole.length / 2), () => response.destroy());
        },
        async (url) => {
          const { body } = await askOver(url, { method: 'GET', headers: {} }, never);
          await assert.rejects(textOf(body), Unreached);
        },
      );
    });
  }

  it('does not come from where nobody listens', async () => {
    const url = await serving(
      () => {},
      async (one) => one,
    );
    const error = await askOver(url, { method: 'GET', headers: {} }, never).catch((thrown) => thrown);
    assert.ok(error instanceof Unreached);
    assert.equal((error.cause as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  });

  it('ends where the signal does: before it, before its first byte and within', async () => {
    let dropped = 0;
    const { promise: both, resolve: toldBoth } = Promise.withResolvers<void>();
    await serving(
      (request, response) => {
        response.on('close', () => ++dropped === 2 && toldBoth());
        if (request.url === '/begun') response.write('a piece');
      },
      async (url) => {
        const early = AbortSignal.abort();
        await assert.rejects(askOver(url, { method: 'GET', headers: {} }, early), Unreached);
        const waiting = new AbortController();
        const silent = askOver(url, { method: 'GET', headers: {} }, waiting.signal);
        setTimeout(() => waiting.abort(), 30);
        await assert.rejects(silent, Unreached);
        const within = new AbortController();
        const { body } = await askOver(`${url}begun`, { method: 'GET', headers: {} }, within.signal);
        const pieces = body[Symbol.asyncIterator]();
        assert.equal(String((await pieces.next()).value), 'a piece');
        within.abort();
        await assert.rejects(async () => pieces.next(), Unreached);
        await both;
      },
    );
  });

  it('is not followed where it sends on, and tells its headers', async () => {
    await serving(
      (_, response) => response.writeHead(302, { location: '/there', 'set-cookie': ['a=1', 'b=2'] }).end(),
      async (url) => {
        const { status, header } = await askOver(url, { method: 'GET', headers: {} }, never);
        assert.deepEqual(
          [status, header('location'), header('set-cookie'), header('etag')],
          [302, '/there', 'a=1', null],
        );
      },
    );
  });
});
