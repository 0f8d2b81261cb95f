import assert from 'node:assert/strict';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { makeVideo } from '../../../server/adapters/tools/makeVideo.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { film, startVideoStudio, type Trouble, type VideoStudio } from '../providers/videoStudio.ts';
import { call, type Ground, kindOf, makeGround, value } from './ground.ts';

const key = async () => ['test', 'key'].join('-');
const tool = (...providers: Provider[]): Tool => makeVideo(async () => providers) as Tool;
const input = { text: 'A lighthouse', path: 'media/light.mp4' };
const png = Buffer.from('89504e470d0a1a0a0000', 'hex');

describe('a video', function () {
  this.timeout(60_000);
  let service: VideoStudio;
  const google = () => createGoogle({ key, baseURL: service.url });
  const open = async (trouble?: Trouble) => {
    service = await startVideoStudio('google', trouble);
    return tool(google());
  };
  afterEach(() => service?.close());

  it('is shown with its price, made, and noted step by step, the cost once', async () => {
    const video = await open();
    await using ground = await makeGround();
    const { plan, result } = await call(ground, video, input);
    assert.deepEqual(
      plan.effects.map(({ kind }) => kind),
      ['spend', 'write'],
    );
    assert.match(plan.title, /for about \$0\.80 at Google \(gemini-omni-1\.1-flash, prices of \d{4}-/);
    assert.ok((await ground.read('media/light.mp4')).equals(film));
    assert.match(result.output, /^Made media\/light\.mp4: \d+ bytes of MP4\.$/);
    assert.deepEqual(
      ground.notes.map((note) => [Object.keys(note.value as object)[0], note.usd]),
      [
        ['asked', undefined],
        ['order', undefined],
        ['order', 0.8],
        ['made', undefined],
      ],
    );
    const before = await ground.snapshot();
    assert.equal(kindOf((await video.undo?.(result.undo, ground.context())) ?? none), 'ok');
    assert.deepEqual(await ground.snapshot(), {});
    assert.equal(kindOf((await video.redo?.(result.undo, ground.context())) ?? none), 'ok');
    assert.deepEqual(await ground.snapshot(), before);
    assert.equal(service.orders.length, 1);
  });

  it('begins with a picture of the workspace and stands upright where that is wanted, and is refused where it cannot be', async () => {
    const video = await open();
    await using ground = await makeGround({ 'first.png': png, 'text.png': 'no picture' });
    const { plan } = await call(ground, video, { ...input, image: 'first.png', tall: true, seconds: 4 });
    assert.deepEqual(
      plan.effects.map(({ kind }) => kind),
      ['spend', 'write', 'read'],
    );
    assert.match(plan.title, /of 4 seconds .* about \$0\.40/);
    const order = service.orders[0]?.body as { input: unknown; response_format: object };
    assert.deepEqual(order.input, [
      { type: 'image', data: png.toString('base64'), mime_type: 'image/png' },
      { type: 'text', text: 'A lighthouse' },
    ]);
    assert.deepEqual(order.response_format, {
      type: 'video',
      aspect_ratio: '9:16',
      delivery: 'uri',
      duration: '4s',
      resolution: '720p',
    });
    const path = 'other.mp4';
    for (const wrong of [
      { image: 'text.png' },
      { image: 'none.png' },
      { image: '../outside/x.png' },
      { image: '/etc/passwd' },
      { seconds: 11 },
      { path: 'x.mov' },
      { path: '../x.mp4' },
      { path: 'first.png' },
      { text: 'x'.repeat(40_000) },
    ]) {
      const parsed = video.input.parse({ ...input, path, ...wrong });
      assert.notEqual(kindOf(await video.plan(parsed, ground.context())), 'ok', JSON.stringify(wrong));
    }
    assert.equal(service.orders.length, 1);
  });

  it('that is otherwise than was shown is not ordered: another picture, another provider', async () => {
    const video = await open();
    await using ground = await makeGround({ 'first.png': png });
    const parsed = video.input.parse({ ...input, image: 'first.png' });
    const plan = value(await video.plan(parsed, ground.context()));
    await ground.write('first.png', Buffer.concat([png, png]));
    assert.equal(kindOf(await video.run(parsed, plan, ground.context())), 'conflict');
    const other = tool(createOpenAi({ key, baseURL: service.url }));
    assert.equal(kindOf(await other.run(parsed, plan, ground.context())), 'conflict');
    assert.deepEqual(service.asked, []);
  });

  it('of which no price is known says so, and what it cost is noted as not known', async () => {
    service = await startVideoStudio('openai');
    const video = tool(createOpenAi({ key, baseURL: service.url }));
    await using ground = await makeGround();
    const { plan } = await call(ground, video, { ...input, model: 'another-model' });
    assert.match(plan.title, /for a price that is not known at OpenAI \(another-model/);
    assert.equal((service.orders[0]?.body as { model?: string } | undefined)?.model, 'another-model');
    assert.ok(ground.notes.some(({ usd }) => usd === null));
  });

  it('whose fetching breaks off is fetched again, and counts once', async () => {
    const video = await open((what, response, _, count) => {
      if (!/alt=media/.test(what) || count > 3) return false;
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': film.length });
      response.write(film.subarray(0, 1000 * count), () => response.destroy());
      return true;
    });
    await using ground = await makeGround();
    await call(ground, video, input);
    assert.ok((await ground.read('media/light.mp4')).equals(film));
    assert.deepEqual(
      ground.notes.filter(({ usd }) => usd !== undefined).map(({ usd }) => usd),
      [0.8],
    );
    assert.equal(service.orders.length, 1);
  });

  it('that is none, or cannot be fetched, is paid for all the same, and nothing is left behind', async () => {
    const faults: [Trouble, string][] = [
      [
        (what, response) => /alt=media/.test(what) && sent(response, 'video/mp4', '<p>no video</p>'),
        'malformed',
      ],
      [(what, response) => /alt=media/.test(what) && sent(response, 'text/html', '<p>'), 'tool'],
      [(what, response) => /alt=media/.test(what) && sent(response, 'video/mp4', ''), 'tool'],
    ];
    for (const [trouble, kind] of faults) {
      const video = await open(trouble);
      await using ground = await makeGround();
      const run = await runOf(video, ground);
      assert.equal(kindOf(run), kind);
      assert.deepEqual(await ground.snapshot(), {});
      assert.deepEqual(
        ground.notes.filter(({ usd }) => usd !== undefined).map(({ usd }) => usd),
        [0.8],
      );
      await service.close();
    }
  });

  it('is left under way by a worker that goes, and stopped at the provider by a person', async () => {
    for (const reason of ['shutdown', 'leaseLost', 'abort']) {
      const stop = new AbortController();
      const video = await open((what) => {
        if (what.startsWith('GET')) stop.abort(reason);
        return what.startsWith('GET');
      });
      await using ground = await makeGround();
      const run = await runOf(video, ground, { signal: stop.signal });
      assert.equal(kindOf(run), 'cancelled');
      const told = service.asked.some((what) => what.endsWith('/cancel'));
      assert.equal(told, reason === 'abort', reason);
      await service.close();
    }
  });

  it('that was ordered where nobody is set up any more is told of, not ordered elsewhere', async () => {
    const video = await open();
    await using ground = await makeGround();
    const parsed = video.input.parse(input);
    const order = { name: 'v1_Chd-x', provider: 'another', usd: 0.8, paid: false };
    const context = ground.context({ noted: { order } });
    assert.deepEqual(await video.reconcile?.(parsed, context), { state: 'underWay' });
    const plan = { title: '', effects: [], exactly: null, preview: null };
    assert.equal(kindOf(await video.run(parsed, plan, context)), 'tool');
    assert.deepEqual(service.asked, []);
  });

  it('is offered only where somebody can make it', async () => {
    assert.equal(await tool().offered?.(), false);
    assert.equal(await tool(createOpenAi({ key })).offered?.(), false, 'OpenAI ended its own');
    assert.equal(await tool(createGoogle({ key })).offered?.(), true);
  });

  async function runOf(video: Tool, ground: Ground, change: Parameters<Ground['context']>[0] = {}) {
    const parsed = video.input.parse(input);
    const plan = value(await video.plan(parsed, ground.context()));
    return video.run(parsed, plan, ground.context(change));
  }
});

function sent(response: Parameters<Trouble>[1], type: string, body: string): boolean {
  response.writeHead(200, { 'content-type': type }).end(body);
  return true;
}

const none = { ok: false, failure: { kind: 'internal', what: 'no such member', mend: '' } } as const;
