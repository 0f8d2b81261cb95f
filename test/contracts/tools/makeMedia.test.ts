import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { makeImage } from '../../../server/adapters/tools/makeImage.ts';
import { makeSpeech } from '../../../server/adapters/tools/makeSpeech.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { type Reply, startWire } from '../providers/wire.ts';
import { call, kindOf, makeGround, value } from './ground.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]);
const key = async () => ['test', 'key'].join('-');

const json =
  (body: unknown, status = 200): Reply =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const inline = (mimeType: string, data: Buffer) =>
  json({
    candidates: [{ content: { parts: [{ inlineData: { mimeType, data: data.toString('base64') } }] } }],
  });
const image = (tool: typeof makeImage, ...providers: Provider[]): Tool => tool(async () => providers) as Tool;

const picture = { text: 'A lighthouse', path: 'media/light.png' };
const speech = { text: 'Good tides', path: 'media/tides.wav' };

describe('a picture', function () {
  this.timeout(60_000);

  it('is made by OpenAI, as its mock of another hand answers, and saved with its folder', async () => {
    const mock = new LLMock({ port: 0, strict: true });
    mock.onImage('A lighthouse', { image: { b64Json: png.toString('base64') } });
    await mock.start();
    try {
      await using ground = await makeGround();
      const tool = image(makeImage, createOpenAi({ key, baseURL: `${mock.url}/v1` }));
      const { plan, result } = await call(ground, tool, picture);
      assert.deepEqual(
        plan.effects.map(({ kind }) => kind),
        ['spend', 'write'],
      );
      assert.match(JSON.stringify(plan.effects), /about \$0\.07 at OpenAI \(gpt-image-2, prices of \d{4}-/);
      assert.deepEqual(await ground.read('media/light.png'), png);
      assert.match(result.output, /^Made media\/light\.png: \d+ bytes of PNG\.$/);
    } finally {
      await mock.stop();
    }
  });

  it('is made by Google, and told what it is in spite of its name', async () => {
    const wire = await startWire(inline('image/png', jpeg));
    await using ground = await makeGround();
    const { result } = await call(
      ground,
      image(makeImage, createGoogle({ key, baseURL: wire.url })),
      picture,
    );
    assert.match(result.output, /JPEG, in spite of its name/);
    assert.deepEqual(JSON.parse(wire.bodies[0] ?? ''), {
      contents: [{ role: 'user', parts: [{ text: 'A lighthouse' }] }],
      generationConfig: { responseModalities: ['IMAGE'] },
    });
    await wire.close();
  });

  it('asks nobody when it is planned, and nothing that a rule or the world refuses is paid for', async () => {
    const wire = await startWire(json({ data: [{ b64_json: png.toString('base64') }] }));
    await using ground = await makeGround({ 'there.png': png });
    const tool = image(makeImage, createOpenAi({ key, baseURL: wire.url }));
    for (const at of ['there.png', '../outside/x.png', 'x.txt', '/etc/x.png', 'x.png/..', '']) {
      const planned = await tool.plan({ words: 'x', path: at }, ground.context());
      assert.ok(!planned.ok, at);
    }
    const input = { words: 'x', path: 'new.png' };
    const plan = value(await tool.plan(input, ground.context()));
    await ground.write('new.png', 'by a person');
    assert.equal((await tool.run(input, plan, ground.context())).ok, false);
    await rm(path.join(ground.workspace, 'new.png'));
    const stopped = ground.context({ signal: AbortSignal.abort() });
    assert.equal(kindOf(await tool.run(input, plan, stopped)), 'cancelled');
    const other = image(makeImage, createGoogle({ key, baseURL: wire.url }));
    assert.equal(
      kindOf(await other.run(input, plan, ground.context())),
      'conflict',
      'not of who was approved',
    );
    assert.deepEqual(wire.bodies, []);
    await wire.close();
  });

  it('fails in the words of the catalogue, whatever the service sends, and leaves nothing behind', async () => {
    const faults: [string, Reply][] = [
      ['auth', json({ error: { message: 'no' } }, 401)],
      ['limited', json({ error: { message: 'slow down' } }, 429)],
      ['malformed', json({ data: [] })],
      ['malformed', json({ data: [{ b64_json: '<not base64>' }] })],
      ['malformed', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')],
    ];
    for (const [kind, reply] of faults) {
      const wire = await startWire(reply);
      await using ground = await makeGround();
      const tool = image(makeImage, createOpenAi({ key, baseURL: wire.url }));
      const input = { words: 'x', path: 'new.png' };
      const context = ground.context();
      const run = await tool.run(input, value(await tool.plan(input, context)), context);
      assert.equal(kindOf(run), kind);
      assert.deepEqual(await ground.snapshot(), {});
      await wire.close();
    }
  });

  it('is taken back and made again from what was kept, without another word to the provider', async () => {
    const wire = await startWire(json({ data: [{ b64_json: png.toString('base64') }] }));
    await using ground = await makeGround();
    const tool = image(makeImage, createOpenAi({ key, baseURL: wire.url }));
    const { result } = await call(ground, tool, picture);
    const made = await ground.snapshot();
    for (const _ of [1, 2]) {
      assert.equal(kindOf((await tool.undo?.(result.undo, ground.context())) ?? none), 'ok');
      assert.deepEqual(await ground.snapshot(), {});
    }
    assert.equal(kindOf((await tool.redo?.(result.undo, ground.context())) ?? none), 'ok');
    assert.deepEqual(await ground.snapshot(), made);
    await ground.write('media/light.png', 'by a person');
    assert.equal(kindOf((await tool.undo?.(result.undo, ground.context())) ?? none), 'conflict');
    assert.equal(wire.bodies.length, 1);
    await wire.close();
  });

  it('that was paid for is written after a crash, and what nobody knows is put to the person', async () => {
    const wire = await startWire(json({ data: [{ b64_json: png.toString('base64') }] }));
    await using ground = await makeGround();
    const tool = image(makeImage, createOpenAi({ key, baseURL: wire.url }));
    const again = () => ground.context({ execution: 'cut-off' });
    const state = async (context = again()) =>
      (await tool.reconcile?.(tool.input.parse(picture), context))?.state;
    assert.equal(await state(), 'notDone', 'nothing was ordered yet');
    assert.equal(await state(ground.context({ noted: { asked: 'openai' } })), 'unknown');
    await call(ground, tool, picture, again());
    await rm(path.join(ground.workspace, 'media'), { recursive: true });
    const found = await tool.reconcile?.(tool.input.parse(picture), again());
    assert.equal(found?.state, 'done');
    assert.deepEqual(await ground.read('media/light.png'), png);
    assert.equal(wire.bodies.length, 1);
    assert.deepEqual(
      ground.notes.map(({ usd }) => usd),
      [undefined, 0.07],
    );
    await wire.close();
  });

  it('is not asked for again by itself where the connection broke off after the order, for it may be paid for', async () => {
    const wire = await startWire((response) => void response.destroy());
    await using ground = await makeGround();
    const tool = image(makeImage, createOpenAi({ key, baseURL: wire.url }));
    const input = { words: 'x', path: 'new.png' };
    const plan = value(await tool.plan(input, ground.context()));
    const run = await tool.run(input, plan, ground.context());
    await wire.close();
    assert.equal(kindOf(run), 'tool');
    assert.match(run.ok ? '' : run.failure.what, /whether it took the order is not known/);
    const away = await tool.run(input, plan, ground.context());
    assert.equal(kindOf(away), 'offline', 'nobody was there, so nothing was ordered');
    assert.equal(wire.bodies.length, 1);
  });

  it('is offered only where somebody can make it', async () => {
    assert.equal(await image(makeImage).offered?.(), false);
    assert.equal(await image(makeImage, createOpenAi({ key })).offered?.(), true);
  });
});

describe('speech', function () {
  this.timeout(60_000);

  it('is made by OpenAI, as its mock of another hand answers', async () => {
    const mock = new LLMock({ port: 0, strict: true });
    mock.onSpeech('Good tides', { audio: wave.toString('base64'), format: 'wav' });
    await mock.start();
    try {
      await using ground = await makeGround();
      const tool = image(makeSpeech, createOpenAi({ key, baseURL: `${mock.url}/v1` }));
      const { plan } = await call(ground, tool, speech);
      assert.match(plan.title, /^Make the recording media\/tides\.wav, for about \$0\.01 at OpenAI/);
      assert.deepEqual(await ground.read('media/tides.wav'), wave);
    } finally {
      await mock.stop();
    }
  });

  it('is made by Google, whose bare samples become a file that plays', async () => {
    const samples = Buffer.from([1, 0, 2, 0, 3, 0]);
    const wire = await startWire(inline('audio/L16;codec=pcm;rate=24000', samples));
    await using ground = await makeGround();
    const { result } = await call(
      ground,
      image(makeSpeech, createGoogle({ key, baseURL: wire.url })),
      speech,
    );
    const file = await ground.read('media/tides.wav');
    assert.match(result.output, /bytes of WAV\.$/);
    assert.equal(file.toString('latin1', 0, 4), 'RIFF');
    assert.equal(file.readUInt32LE(4), file.length - 8);
    assert.equal(file.readUInt32LE(24), 24_000);
    assert.deepEqual(file.subarray(44), samples);
    await wire.close();
  });

  it('of more than a service takes is refused before it is paid for', async () => {
    await using ground = await makeGround();
    const tool = image(makeSpeech, createOpenAi({ key }));
    const planned = await tool.plan({ words: 'x'.repeat(5000), path: 'a.wav' }, ground.context());
    assert.equal(kindOf(planned), 'invalid');
  });
});

const wave = Buffer.concat([Buffer.from('RIFF\x24\x00\x00\x00WAVEfmt ', 'latin1'), Buffer.alloc(24)]);
const none = { ok: false, failure: { kind: 'internal', what: 'no such member', mend: '' } } as const;
