import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { type Journey, journey } from '../../../server/adapters/signIn/redirect.ts';
import { good } from '../../../server/protocol/failure.ts';

describe('a browser that comes back over the loopback', () => {
  const away = (change: Partial<Journey<string>>) =>
    journey<string>({
      title: 'Place',
      state: 'the-state',
      signal: new AbortController().signal,
      patience: 10_000,
      begin: async () => {},
      finish: async (code) => good(code),
      ...change,
    });

  it('brings its code once, and then nothing listens any more', async () => {
    let came = '';
    let words = Promise.resolve('');
    const outcome = await away({
      begin: async (redirect) => {
        came = redirect;
        words = fetch(`${redirect}?state=the-state&code=abc`).then((response) => response.text());
      },
    });
    assert.deepEqual(outcome, good('abc'));
    assert.match(came, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    await assert.rejects(fetch(came));
    assert.match(await words, /close this tab/);
  });

  it('lets nobody else in: wrong state, path, method, host, doubled words', async () => {
    const statuses: number[] = [];
    let refused = 0;
    const through = Promise.withResolvers<void>();
    const outcome = await away({
      begin: async (redirect) => {
        const asks: [string, { method?: string; host?: string }][] = [
          ['/?state=other&code=abc', {}],
          ['/?state=&code=abc', {}],
          ['/?code=abc', {}],
          ['/?state=the-state', {}],
          ['/?state=the-state&code=', {}],
          [`/?state=the-state&code=${'x'.repeat(5000)}`, {}],
          ['/?state=the-state&state=the-state&code=abc', {}],
          ['/?state=the-state&code=abc&code=def', {}],
          ['/other?state=the-state&code=abc', {}],
          ['/favicon.ico', {}],
          ['//?state=the-state&code=abc', {}],
          ['/?state=the-state&code=abc', { method: 'POST' }],
          ['/?state=the-state&code=abc', { method: 'OPTIONS' }],
          ['/?state=the-state&code=abc', { host: 'example.invalid' }],
          ['/?state=the-state&code=abc', { host: `localhost:${new URL(redirect).port}` }],
        ];
        for (const [path, how] of asks) statuses.push(await statusOf(redirect, path, how));
        refused = statuses.length;
        statuses.push(await statusOf(redirect, '/?state=the-state&code=right', {}));
        through.resolve();
      },
    });
    await through.promise;
    assert.deepEqual(outcome, good('right'));
    assert.ok(statuses.slice(0, refused).every((status) => status >= 400));
    assert.equal(statuses.at(-1), 200);
  });

  it('uses one code only, however many come at once', async () => {
    const used: string[] = [];
    const answers: Promise<unknown>[] = [];
    const outcome = await away({
      begin: async (redirect) => {
        for (const code of ['one', 'two', 'three'])
          answers.push(fetch(`${redirect}?state=the-state&code=${code}`).catch(() => null));
      },
      finish: async (code) => {
        used.push(code);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return good(code);
      },
    });
    await Promise.all(answers);
    assert.deepEqual([used.length, outcome], [1, good(used[0])]);
  });

  it('says no in words when the person or the place did, and makes nothing of other words', async () => {
    for (const [error, words] of [
      ['access_denied', /not allowed/],
      ['<script>', /an unknown reason/],
    ] as const) {
      const outcome = await away({
        begin: async (redirect) => void fetch(`${redirect}?state=the-state&error=${error}`),
      });
      assert.ok(!outcome.ok);
      assert.equal(outcome.failure.kind, 'denied');
      assert.match(outcome.failure.what, words);
    }
  });

  it('ends when it is stopped, when nobody comes, and when no browser opens', async () => {
    const stop = new AbortController();
    const stopped = away({ signal: stop.signal, begin: async () => stop.abort() });
    const late = away({ patience: 30 });
    const none = away({ begin: () => Promise.reject(new Error('nothing there')) });
    const before = away({ signal: AbortSignal.abort() });
    const silent = away({ patience: 30, begin: () => new Promise(() => {}) });
    const kinds = (await Promise.all([stopped, late, none, before, silent])).map((one) =>
      one.ok ? 'ok' : one.failure.kind,
    );
    assert.deepEqual(kinds, ['cancelled', 'expired', 'tool', 'cancelled', 'expired']);
  });

  it('is not kept waiting by whoever holds a connection open', async () => {
    const outcome = await away({
      begin: async (redirect) => {
        const port = Number(new URL(redirect).port);
        for (let index = 0; index < 5; index++) {
          const held = connect(port, '127.0.0.1', () => held.write('GET / HTTP/1.1\r\nhost: '));
          held.on('error', () => {});
        }
        void fetch(`${redirect}?state=the-state&code=abc`).catch(() => null);
      },
    });
    assert.deepEqual(outcome, good('abc'));
  });
});

function statusOf(
  redirect: string,
  path: string,
  { method = 'GET', host }: { method?: string; host?: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port, host: own } = new URL(redirect);
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers: { host: host ?? own } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}
