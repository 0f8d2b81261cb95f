import assert from 'node:assert/strict';
import { once } from 'node:events';
import { brotliCompressSync, constants, createBrotliCompress, createGzip, gzipSync } from 'node:zlib';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { askOver } from '../../../server/adapters/providers/httpAnswer.ts';
import { Unreached, Unreadable } from '../../../server/adapters/providers/refusal.ts';
import { readEvents } from '../../../server/adapters/providers/sse.ts';
import { listen } from '../../support/loopback.ts';
import { collect, question } from './listen.ts';
import { answered, onEach, startRaw } from './rawBytes.ts';
import { begin, startWire } from './wire.ts';

const never = new AbortController().signal;
const get = { method: 'GET', headers: {} } as const;

async function said(address: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await askOver(address, get, never)).body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function failureOf(baseURL: string, text = 'hello') {
  const provider = createCompatible({ key: async () => 'key', baseURL, model: 'some-model' });
  const end = (await collect({ provider, request: question(text) })).at(-1);
  assert.ok(end?.kind === 'failed');
  return end.failure;
}

describe('what a service answers, byte by byte', () => {
  const long = 'x'.repeat(8_000_000);
  const no: readonly (readonly [string, string, string])[] = [
    ['401 Unauthorized', '{}', 'auth'],
    ['413 Content Too Large', '{}', 'tooLong'],
    ['429 Too Many Requests', '{"error":{"type":"insufficient_quota"}}', 'denied'],
  ];
  for (const [status, words, kind] of no) {
    it(`is a ${status}, also where it comes and the connection goes while a long question is still going out`, async () => {
      for (const go of ['destroy', 'resetAndDestroy', 'end'] as const) {
        await using service = await startRaw((socket) =>
          socket.once('data', () => {
            socket.pause();
            socket.write(answered(words, 'content-type: application/json', status), () => socket[go]());
          }),
        );
        assert.equal((await failureOf(service.url, long)).kind, kind, go);
      }
    });
  }

  it('is a refusal, whatever becomes of its words', async () => {
    const cut = 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 100\r\n\r\n{"error';
    for (const answer of [
      cut,
      answered('', 'content-encoding: gzip', '401 Unauthorized'),
      answered('{}', 'content-encoding: gzip', '401 Unauthorized'),
      answered('{}', 'content-encoding: zip', '401 Unauthorized'),
    ]) {
      await using service = await startRaw(onEach((socket) => socket.end(answer)));
      assert.equal((await failureOf(service.url)).kind, 'auth', String(answer));
    }
  });

  it('is told in one line, without characters that a screen would obey', async () => {
    const message = 'No\u001b[31m\n\u202eway.';
    const error = JSON.stringify({ error: { message, type: 'invalid_request_error' } });
    const wire = await startWire(
      (response) => void response.writeHead(400).end(error),
      (response) => void response.writeHead(200, { 'content-type': 'text/\u009bhtml' }).end(),
      (response) => void begin(response).end(`data: ${error}\n\n`),
    );
    for (const words of [/No \[31m way\./, /text\/ html/, /No \[31m way\./]) {
      const { what } = await failureOf(wire.url);
      assert.match(what, words);
      assert.doesNotMatch(what, /[\p{Cc}\p{Cf}]/u);
    }
    await wire.close();
  });

  it('is what it is, with other messages before it, trailers behind it, and by an older protocol', async () => {
    const before = '100 Continue,102 Processing,103 Early Hints'
      .split(',')
      .map((status) => `HTTP/1.1 ${status}\r\n\r\n`);
    const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n2;a=b\r\nhi\r\n0\r\nx: y\r\n\r\n';
    for (const answer of [`${before.join('')}${answered('hi')}`, chunks, 'HTTP/1.0 200 OK\r\n\r\nhi']) {
      await using service = await startRaw(
        onEach((socket) => (answer.includes('1.0') ? socket.end(answer) : socket.write(answer))),
      );
      assert.deepEqual([await said(service.url), await said(service.url)], ['hi', 'hi'], answer);
    }
    for (const empty of [answered(''), answered('', '', '204 No Content')]) {
      await using service = await startRaw(onEach((socket) => socket.write(empty)));
      assert.equal(await said(service.url), '');
    }
  });

  it('is none where its length is said twice, its head never ends or holds what no head may', async () => {
    const heads = [
      'content-length: 2\r\ncontent-length: 3\r\n\r\nhi',
      'content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
      `x: ${'a'.repeat(100_000)}\r\n\r\n`,
      'x: y\r\n'.repeat(50_000),
      'x: a\u0001b\r\ncontent-length: 2\r\n\r\nhi',
      `transfer-encoding: chunked\r\n\r\n0\r\n${'x: y\r\n'.repeat(50_000)}`,
    ];
    for (const head of heads) {
      await using service = await startRaw(onEach((socket) => socket.write(`HTTP/1.1 200 OK\r\n${head}`)));
      await assert.rejects(said(service.url), Unreached, head.slice(0, 60));
    }
  });

  it('is heard event by event, also where it is packed', async () => {
    for (const [coding, make, flush] of [
      ['gzip', createGzip, constants.Z_SYNC_FLUSH],
      ['br', createBrotliCompress, constants.BROTLI_OPERATION_FLUSH],
    ] as const) {
      const packer = make();
      const say = (event: string) => packer.write(`data: ${event}\n\n`, () => packer.flush(flush));
      await using service = await listen((_, response) => {
        packer.pipe(response.writeHead(200, { 'content-encoding': coding }));
        say('0');
      });
      let heard = 0;
      for await (const { data } of readEvents(await askOver(service.url, get, never))) {
        assert.equal(data, String(heard));
        if (++heard === 3) packer.end();
        else say(String(heard));
      }
      assert.equal(heard, 3);
    }
  });

  it('cannot be read where it is packed otherwise than it says, and broke off where it is packed in part', async () => {
    const whole = 'hello '.repeat(1_000);
    const answers: readonly (readonly [string, Buffer, typeof Unreached | typeof Unreadable])[] = [
      ['gzip', Buffer.from('hello'), Unreadable],
      ['gzip', brotliCompressSync(whole), Unreadable],
      ['br', gzipSync(whole), Unreadable],
      ['gzip, gzip', gzipSync(gzipSync(whole)), Unreadable],
      ['gzip', gzipSync(whole).subarray(0, 30), Unreached],
      ['br', brotliCompressSync(whole).subarray(0, 12), Unreached],
    ];
    for (const [coding, bytes, expected] of answers) {
      const answer = answered(bytes, `content-encoding: ${coding}`);
      await using service = await startRaw(onEach((socket) => socket.write(answer)));
      await assert.rejects(said(service.url), expected, coding);
    }
    const members = answered(Buffer.concat([gzipSync('one '), gzipSync('two')]), 'content-encoding: GZIP');
    await using service = await startRaw(onEach((socket) => socket.write(members)));
    assert.equal(await said(service.url), 'one two');
  });

  it('ends within a moment wherever it is stopped, and leaves no connection', async () => {
    const begun = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi';
    const stops: Readonly<Record<string, { reply: string; body?: readonly Uint8Array[] }>> = {
      'while the question goes out': { reply: '', body: [Buffer.alloc(20_000_000)] },
      'before an answer': { reply: '' },
      'within one': { reply: begun },
      'within the head of one': { reply: begun.slice(0, 20) },
    };
    for (const [when, { reply, body }] of Object.entries(stops)) {
      const stop = new AbortController();
      const came = Promise.withResolvers<void>();
      await using service = await startRaw((socket) =>
        socket.once('data', () => {
          if (body) socket.pause();
          socket.write(reply, () => setTimeout(came.resolve, 5));
        }),
      );
      const asked = askOver(service.url, body ? { method: 'POST', headers: {}, body } : get, stop.signal);
      const heard = asked.then(async (answer) => {
        for await (const piece of answer.body) assert.equal(String(piece), 'hi');
      });
      await came.promise;
      stop.abort();
      await assert.rejects(heard, Unreached, when);
      const [socket] = service.sockets;
      socket?.resume();
      if (socket && !socket.closed) await once(socket, 'close');
    }
  });
});
