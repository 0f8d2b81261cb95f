import assert from 'node:assert/strict';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { makeImage } from '../../../server/adapters/tools/makeImage.ts';
import { makeSpeech } from '../../../server/adapters/tools/makeSpeech.ts';
import { makeVideo } from '../../../server/adapters/tools/makeVideo.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { film, startVideoStudio } from '../providers/videoStudio.ts';
import { type Reply, startWire } from '../providers/wire.ts';
import { type Ground, kindOf, makeGround, value } from './ground.ts';

const key = async () => ['test', 'key'].join('-');
const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
const json =
  (body: unknown): Reply =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const picture = json({ data: [{ b64_json: png.toString('base64') }] });
const samples = (bytes: Buffer) =>
  json({
    candidates: [
      {
        content: {
          parts: [{ inlineData: { mimeType: 'audio/L16;rate=24000', data: bytes.toString('base64') } }],
        },
      },
    ],
  });
const by = (make: typeof makeImage, provider: Provider) => make(async () => [provider]) as Tool;

describe('what was made and paid for', function () {
  this.timeout(60_000);
  let ground: Ground;
  beforeEach(async () => {
    ground = await makeGround();
  });
  afterEach(() => ground[Symbol.asyncDispose]());
  const run = async (tool: Tool, input: unknown, meanwhile: () => Promise<void> = async () => {}) => {
    const parsed = tool.input.parse(input);
    const plan = value(await tool.plan(parsed, ground.context()));
    return tool.run(parsed, plan, ground.context({ execution: 'cut-off', blobs: blobsAfter(meanwhile) }));
  };
  /** The store of the ground, where something happens before it takes in what was made. */
  const blobsAfter = (meanwhile: () => Promise<void>) => ({
    ...ground.blobs,
    put: async (bytes: Uint8Array) => {
      await meanwhile();
      return ground.blobs.put(bytes);
    },
    putAll: async (pieces: AsyncIterable<Uint8Array>) => {
      await meanwhile();
      return ground.blobs.putAll(pieces);
    },
  });
  const noted = () => ground.notes.map(({ usd }) => usd).filter((usd) => usd !== undefined);

  it('is written under a free name where something came to stand at its own', async () => {
    const wire = await startWire(picture);
    const tool = by(makeImage, createOpenAi({ key, baseURL: wire.url }));
    await ground.write('media/light-2.png', 'the second of a person');
    const byPerson = () => ground.write('media/light.png', 'by a person');
    const made = value(await run(tool, { text: 'x', path: 'media/light.png' }, byPerson));
    assert.match(made.output, /^Made media\/light-3\.png: /);
    assert.deepEqual(await ground.read('media/light-3.png'), png);
    assert.equal((await ground.read('media/light.png')).toString(), 'by a person');
    assert.deepEqual([noted(), wire.bodies.length], [[0.07], 1]);
    value((await tool.undo?.(made.undo, ground.context())) ?? assert.fail());
    assert.deepEqual(Object.keys(await ground.snapshot()), ['media', 'media/light-2.png', 'media/light.png']);
    await wire.close();
  });

  it('is written after a crash, whatever came to stand there, and never ordered again', async () => {
    const wire = await startWire(picture);
    const studio = await startVideoStudio('google');
    const tools: [Tool, string, Buffer][] = [
      [by(makeImage, createOpenAi({ key, baseURL: wire.url })), 'light.png', png],
      [makeVideo(async () => [createGoogle({ key, baseURL: studio.url })]) as Tool, 'light.mp4', film],
    ];
    for (const [tool, path, bytes] of tools) {
      const input = tool.input.parse({ text: 'x', path });
      const plan = value(await tool.plan(input, ground.context()));
      value(await tool.run(input, plan, ground.context({ execution: path })));
      await ground.write(path, 'by a person');
      const found = await tool.reconcile?.(input, ground.context({ execution: path }));
      assert.equal(found?.state, 'done');
      const again = value(await tool.run(input, plan, ground.context({ execution: path })));
      assert.match(again.output, /light-2\./);
      assert.ok((await ground.read(path.replace('.', '-2.'))).equals(bytes));
    }
    assert.deepEqual([wire.bodies.length, studio.orders.length], [1, 1]);
    assert.deepEqual(noted(), [0.07, 0.8]);
    await wire.close();
    await studio.close();
  });

  it('counts where what came cannot be read, and not where the service said no', async () => {
    const [yes, no] = [
      await startWire(json({ data: [] })),
      await startWire((response) => void response.writeHead(429).end('{}')),
    ];
    const input = { text: 'x', path: 'new.png' };
    assert.equal(kindOf(await run(by(makeImage, createOpenAi({ key, baseURL: no.url })), input)), 'limited');
    assert.deepEqual(noted(), []);
    assert.equal(
      kindOf(await run(by(makeImage, createOpenAi({ key, baseURL: yes.url })), input)),
      'malformed',
    );
    assert.deepEqual(noted(), [0.07]);
    const studio = await startVideoStudio('google', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"../x","status":"queued"}');
      return true;
    });
    const video = makeVideo(async () => [createGoogle({ key, baseURL: studio.url })]) as Tool;
    assert.equal(kindOf(await run(video, { text: 'x', path: 'new.mp4' })), 'malformed');
    assert.deepEqual(noted(), [0.07, 0.8]);
    await Promise.all([yes.close(), no.close(), studio.close()]);
  });

  it('is nothing where nobody was there to order from, which is ordered again unasked', async () => {
    const wire = await startWire(picture);
    const providers = [
      createOpenAi({ key, baseURL: wire.url }),
      createGoogle({ key, baseURL: wire.url }),
    ] as const;
    await wire.close();
    const video = makeVideo(async () => [providers[1]]) as Tool;
    for (const [tool, path] of [
      [by(makeImage, providers[0]), 'new.png'],
      [video, 'new.mp4'],
    ] as const) {
      const input = { text: 'x', path };
      assert.equal(kindOf(await run(tool, input)), 'offline');
      const context = ground.context({ execution: 'cut-off' });
      assert.deepEqual(await tool.reconcile?.(tool.input.parse(input), context), { state: 'notDone' });
    }
  });

  it('is taken in whole, a speech of the longest text of Google too', async () => {
    const longest = Buffer.alloc(24_000_000, 1);
    const wire = await startWire(samples(longest));
    const tool = by(makeSpeech, createGoogle({ key, baseURL: wire.url }));
    value(await run(tool, { text: 'x'.repeat(4000), path: 'talk.wav' }));
    assert.equal((await ground.read('talk.wav')).length, longest.length + 44);
    const more = tool.input.parse({ text: 'x'.repeat(4001), path: 'more.wav' });
    assert.equal(kindOf(await tool.plan(more, ground.context())), 'invalid');
    await wire.close();
  });
});
