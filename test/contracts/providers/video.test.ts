import assert from 'node:assert/strict';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Filming } from '../../../server/core/ports/provider.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import {
  film,
  order,
  startVideoStudio,
  type Trouble,
  type VideoStudio,
  type VideoWire,
  wish,
} from './videoStudio.ts';

const key = ['test', 'key'].join('-');
const kindOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'ok' : outcome.failure.kind);

const subjects: readonly [VideoWire, (url: string) => Filming | undefined][] = [
  ['openai', (url) => createOpenAi({ key: async () => key, baseURL: url }).video],
  ['google', (url) => createGoogle({ key: async () => key, baseURL: url }).video],
];

for (const [kind, create] of subjects) {
  describe(`a video over the wire of ${kind}`, function () {
    this.timeout(60_000);
    let service: VideoStudio;
    let pauses: number[];
    let heard: number[];
    const open = async (trouble?: Trouble) => {
      service = await startVideoStudio(kind, trouble);
      pauses = [];
      heard = [];
      const video = create(service.url);
      assert.ok(video);
      return video;
    };
    const { signal } = new AbortController();
    const watch = {
      signal,
      sleep: async (ms: number) => void pauses.push(ms),
      progress: (fraction: number) => void heard.push(fraction),
    };
    const name = kind === 'openai' ? 'video_1' : 'v1_Chd-x';
    const isLook = (what: string) => what.startsWith('GET') && what.endsWith(name);
    const fetched = async (video: Filming, at: string) => {
      const chunks: Uint8Array[] = [];
      const keep = async (pieces: AsyncIterable<Uint8Array>) => {
        for await (const piece of pieces) chunks.push(piece);
        return Buffer.concat(chunks);
      };
      return video.take({ name, at }, keep, signal);
    };
    afterEach(() => service.close());

    it('is ordered once, waited for with growing pauses, and taken whole', async () => {
      const video = await open();
      const begun = await video.begin(wish, order('execution-1'));
      assert.deepEqual(begun, { ok: true, value: name });
      const ready = await video.wait(name, watch);
      assert.ok(ready.ok);
      const bytes = await fetched(video, ready.value);
      assert.ok(bytes.ok && bytes.value.equals(film));
      assert.deepEqual(pauses, [2000, 3000]);
      assert.equal(heard.length, 2);
      assert.equal(service.asked.filter((what) => what.startsWith('POST')).length, 1);
      if (kind === 'openai') assert.equal(service.orders[0]?.headers['idempotency-key'], 'execution-1');
    });

    it('is waited for through faults of the service and of the network, as long as it says', async () => {
      const video = await open((what, response, _, count) => {
        if (!isLook(what) || count > 4) return false;
        if (count === 1) response.writeHead(503).end('{}');
        if (count === 2) response.destroy();
        if (count === 3) response.writeHead(200, { 'content-type': 'text/html' }).end('<p>soon</p>');
        if (count === 4) response.writeHead(429, { 'retry-after': '30' }).end('{}');
        return true;
      });
      assert.ok((await video.wait(name, watch)).ok);
      assert.ok(
        pauses.some((pause) => pause > 20_000 && pause <= 30_000),
        JSON.stringify(pauses),
      );
    });

    it('that never comes is given up after a while, and nobody hides that it may cost', async () => {
      const video = await open((what, response) => {
        if (!isLook(what)) return false;
        response.writeHead(503).end('{}');
        return true;
      });
      const waited = await video.wait(name, watch);
      assert.equal(kindOf(waited), 'tool');
      assert.match(waited.ok ? '' : waited.failure.mend, /may come yet, and be paid for/);
      assert.ok(pauses.length <= 40 && Math.max(...pauses) <= 15_000);
    });

    it('fails in the words of the catalogue', async () => {
      const faults: [number, object, string][] = [
        [404, { error: { message: 'Video not found' } }, 'tool'],
        [401, { error: { message: 'no', code: 'invalid_api_key', status: 'UNAUTHENTICATED' } }, 'auth'],
        [200, failed('server_error', `It broke with ${key}.`), 'tool'],
        [200, failed(kind === 'openai' ? 'moderation_blocked' : 'SAFETY', 'No.'), 'refused'],
        ...(kind === 'google'
          ? ([
              [400, { error: { message: 'Invalid interaction name.' } }, 'tool'],
              [200, { id: name, status: 'completed', steps: [] }, 'refused'],
            ] as [number, object, string][])
          : []),
      ];
      for (const [status, body, expected] of faults) {
        const video = await open((what, response) => {
          if (!isLook(what)) return false;
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
          return true;
        });
        const waited = await video.wait(name, watch);
        assert.equal(kindOf(waited), expected, JSON.stringify(body));
        assert.ok(!JSON.stringify(waited).includes(key));
        await service.close();
      }
      service = await startVideoStudio(kind);
    });

    it('whose order breaks off half-way is not sent again by itself, and one that nobody heard may be', async () => {
      const video = await open((what, response) => {
        if (what.startsWith('POST')) response.destroy();
        return what.startsWith('POST');
      });
      const broken = await video.begin(wish, order('execution-1'));
      assert.equal(kindOf(broken), 'tool');
      await service.close();
      assert.equal(kindOf(await video.begin(wish, order('execution-1'))), 'offline');
    });

    it('gets no key and no question at an address that the service only names', async () => {
      const video = await open();
      const other = await startVideoStudio(kind);
      for (const at of [
        `${other.url}/v1beta/files/f:download?alt=media`,
        'file:///etc/passwd',
        'not an address',
      ]) {
        assert.equal(kindOf(await fetched(video, at)), 'malformed', at);
      }
      await service.close();
      const redirecting = await open((what, response) => {
        if (!/content|alt=media/.test(what)) return false;
        response.writeHead(302, { location: `${other.url}/elsewhere` }).end();
        return true;
      });
      const ready = await redirecting.wait(name, watch);
      assert.ok(ready.ok);
      assert.notEqual(kindOf(await fetched(redirecting, ready.value)), 'ok');
      assert.deepEqual(other.asked, []);
      await other.close();
    });

    it('is never a name or a size that leads astray', async () => {
      for (const id of ['../../models', 'a/b', '', 7, 'x'.repeat(600), '..']) {
        const video = await open((_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ id, status: 'in_progress' }));
          return true;
        });
        assert.equal(kindOf(await video.begin(wish, order('x'))), 'malformed', String(id));
        await service.close();
      }
      const large = await open((what, response) => {
        if (!/content|alt=media/.test(what)) return false;
        response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 3e8 });
        response.write(film);
        return true;
      });
      const ready = await large.wait(name, watch);
      assert.equal(kindOf(await fetched(large, ready.ok ? ready.value : '')), 'malformed');
    });

    it('is waited for no longer at once when it is aborted, and the service is told within a second', async () => {
      const video = await open((what, response) => {
        if (!isLook(what)) return false;
        void response;
        return true;
      });
      const stop = new AbortController();
      const waiting = video.wait(name, { ...watch, signal: stop.signal });
      setTimeout(() => stop.abort('abort'), 50);
      assert.equal(kindOf(await waiting), 'cancelled');
      await video.stop(name);
      assert.match(service.asked.at(-1) ?? '', kind === 'openai' ? /^DELETE/ : /^POST .*\/cancel$/);
    });

    function failed(code: string, message: string): object {
      const error = { code, message };
      return { id: name, status: 'failed', error, ...(kind === 'google' ? { errors: [error] } : {}) };
    }
  });
}
