import assert from 'node:assert/strict';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import { film, order, startVideoStudio, type Trouble, type VideoStudio, wish } from './videoStudio.ts';

const key = async () => ['test', 'key'].join('-');

describe('what is paid for at a service of videos', () => {
  let service: VideoStudio;
  const open = async (trouble: Trouble) => {
    service = await startVideoStudio('google', trouble);
    return createGoogle({ key, baseURL: service.url }).video;
  };
  afterEach(() => service.close());
  const { signal } = new AbortController();
  const whole = async (pieces: AsyncIterable<Uint8Array>) => {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) all.push(piece);
    return Buffer.concat(all);
  };

  it('is fetched where its address sends on to within the service, with the key, three times at most', async () => {
    for (const steps of [3, 4]) {
      const keys: unknown[] = [];
      const video = await open((what, response, { headers }) => {
        const step = Number(/step=(\d)/.exec(what)?.[1] ?? 0);
        keys.push(headers['x-goog-api-key']);
        if (step >= steps) return false;
        response.writeHead(302, { location: `/download/f1?alt=media&step=${step + 1}` }).end();
        return true;
      });
      const at = `${service.url}/v1beta/files/f1:download?alt=media`;
      const taken = await video?.take({ name: 'v1_Chd-x', at }, whole, signal);
      assert.equal(taken?.ok, steps === 3);
      if (taken?.ok) assert.ok(taken.value.equals(film));
      assert.deepEqual(new Set(keys), new Set([await key()]));
      assert.equal(service.asked.length, 4);
      await service.close();
    }
  });

  it('is not hidden where an order comes to nothing, and nobody knows whether it was taken', async () => {
    const stop = new AbortController();
    const unclear: [string, Trouble][] = [
      ['overloaded', (_, response) => !!response.writeHead(503).end('{}')],
      ['malformed', (_, response) => !!response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')],
      ['malformed', (_, response) => !!response.writeHead(200, json).end('{"id":"../x","status":"queued"}')],
      ['tool', (_, response) => !!response.destroy()],
      [
        'cancelled',
        () => {
          stop.abort('abort');
          return true;
        },
      ],
    ];
    for (const [kind, trouble] of unclear) {
      const video = await open(trouble);
      let isTaken = false;
      const taken = () => {
        isTaken = true;
      };
      const change = { taken, ...(kind === 'cancelled' ? { signal: stop.signal } : {}) };
      const begun = await video?.begin(wish, order('x', change));
      assert.ok(begun);
      told(begun, kind, /[Ww]hether .*took the order is not known/, /may be paid for/);
      assert.equal(isTaken, kind === 'malformed', 'the service said yes');
      await service.close();
    }
  });

  it('is nothing where the service said no, or nobody was there', async () => {
    for (const [status, kind] of [
      [401, 'auth'],
      [429, 'limited'],
      [403, 'denied'],
    ] as const) {
      const video = await open((_, response) => !!response.writeHead(status, json).end('{}'));
      const begun = await video?.begin(wish, order('x', { taken: () => assert.fail('not taken') }));
      assert.ok(begun && !begun.ok);
      assert.equal(begun.failure.kind, kind);
      assert.doesNotMatch(begun.failure.what, /not known/);
      await service.close();
    }
    const away = await createGoogle({ key, baseURL: service.url }).video?.begin(wish, order('x'));
    assert.ok(away && !away.ok);
    assert.equal(away.failure.kind, 'offline');
  });

  it('is as open for pictures and speech', async () => {
    await open((_, response) => !!response.writeHead(500, json).end('{}'));
    for (const { image, speech } of [
      createGoogle({ key, baseURL: service.url }),
      createOpenAi({ key, baseURL: service.url }),
    ])
      for (const maker of [image, speech]) {
        const made = await maker?.make('A lighthouse', signal);
        assert.ok(made);
        told(made, 'overloaded', /took the order is not known/, /may be paid for/);
      }
  });

  function told(outcome: Outcome<unknown>, kind: string, what: RegExp, mend: RegExp): void {
    assert.ok(!outcome.ok);
    assert.equal(outcome.failure.kind, kind);
    assert.match(outcome.failure.what, what);
    assert.match(outcome.failure.mend, mend);
  }
});

const json = { 'content-type': 'application/json' };
