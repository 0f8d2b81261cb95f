import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ollama } from 'ollama';
import { windowFor } from '../../../server/adapters/providers/ollama/request.ts';
import { createOllama } from '../../../server/adapters/providers/ollama.ts';
import { callsOf, collect, question, whole } from './listen.ts';
import { details, json, lines, ollamaLines as o } from './ollamaWire.ts';
import { type Reply, startWire, type Wire } from './wire.ts';

const hello = lines(o.text('Hello.'), o.end());

describe('provider ollama on the wire', () => {
  const open: Wire[] = [];
  const start = async (...replies: [Reply, ...Reply[]]) => {
    const wire = await startWire(...replies);
    open.push(wire);
    return { wire, provider: createOllama({ key: async () => null, baseURL: wire.url }) };
  };
  const failureOf = async (...replies: [Reply, ...Reply[]]) => {
    const { provider } = await start(...replies);
    const last = (await collect({ provider, request: question('hello', { model: 'qwen3:8b' }) })).at(-1);
    assert.ok(last?.kind === 'failed');
    return last.failure;
  };
  afterEach(() => Promise.all(open.splice(0).map((wire) => wire.close())));

  it('takes the model that was changed last where none is named', async () => {
    const models = [
      { model: 'nomic-embed-text:latest', details: { family: 'nomic-bert' } },
      { model: 'qwen3:8b', details: { family: 'qwen3' } },
    ];
    const { wire, provider } = await start(json({ models }), details, hello);
    await whole({ provider, request: question('hello') });
    assert.equal(JSON.parse(wire.bodies.at(-1) ?? '').model, 'qwen3:8b');
  });

  it('takes none that it has only by name and asks elsewhere, and tells those by their names', async () => {
    const models = [
      { model: 'big:120b-cloud', remote_host: 'https://ollama.com:443', details: { family: 'big' } },
      { model: 'copied', remote_host: 'https://ollama.com:443', details: { family: 'big' } },
      { model: 'qwen3:8b', details: { family: 'qwen3' } },
    ];
    const { wire, provider } = await start(json({ models }), details, hello);
    await whole({ provider, request: question('hello') });
    assert.equal(JSON.parse(wire.bodies.at(-1) ?? '').model, 'qwen3:8b');
    const away = ['big:120b-cloud', 'newer:cloud', 'qwen3:8b', 'cloud', ''].filter((one) =>
      provider.goesAway?.(one),
    );
    assert.deepEqual(away, ['big:120b-cloud', 'newer:cloud']);
  });

  it('counts nothing where what was asked is not counted, as of a prompt that its cache held', async () => {
    const { provider } = await start(details, lines(o.text('Hello.'), o.end('stop', { eval_count: 5 })));
    const { done } = await whole({ provider, request: question('hello', { model: 'qwen3:8b' }) });
    assert.equal(done.usage, null);
  });

  it('says what to type where there is no model yet', async () => {
    const { provider } = await start(json({ models: [] }));
    const last = (await collect({ provider, request: question('hello') })).at(-1);
    assert.ok(last?.kind === 'failed' && last.failure.kind === 'notFound');
    assert.match(last.failure.mend, /`ollama pull \w+`/);
  });

  it('says what to type where a model is not there', async () => {
    const failure = await failureOf(json({ error: "model 'qwen3:8b' not found" }, 404));
    assert.match(failure.mend, /`ollama pull qwen3:8b`/);
  });

  it('says how it is started where it does not run', async () => {
    const { wire, provider } = await start(hello);
    await wire.close();
    const last = (await collect({ provider, request: question('hello', { model: 'm' }) })).at(-1);
    assert.ok(last?.kind === 'failed' && last.failure.kind === 'offline');
    assert.match(`${last.failure.what} ${last.failure.mend}`, /not running.*`ollama serve`/);
  });

  it('says when a model cannot call tools, and when the machine cannot hold it', async () => {
    const tools = await failureOf(details, json({ error: 'gemma:2b does not support tools' }, 400));
    assert.deepEqual([tools.kind, /cannot call tools/.test(tools.what)], ['invalid', true]);
    const error = 'model requires more system memory (5.6 GiB) than is available (3.1 GiB)';
    const memory = await failureOf(details, json({ error }, 500));
    assert.deepEqual([memory.kind, /5\.6 GiB/.test(memory.what)], ['denied', true]);
  });

  it('asks for the details of a model once, and for thoughts only where it has some', async () => {
    const plain = json({ capabilities: ['completion', 'tools'], model_info: {} });
    for (const [shown, think] of [
      [details, true],
      [plain, undefined],
    ] as const) {
      const { wire, provider } = await start(shown, hello);
      const request = question('hello', { model: 'qwen3:8b' });
      await whole({ provider, request });
      await whole({ provider, request });
      assert.equal(wire.bodies.length, 3);
      assert.equal(JSON.parse(wire.bodies[1] ?? '').think, think);
    }
  });

  it('lets nothing of a conversation be cut off silently', async () => {
    const { wire, provider } = await start(details, hello);
    const long = 'A long story. '.repeat(8_000);
    await whole({ provider, request: question(long, { model: 'qwen3:8b' }) });
    const { truncate, shift, options } = JSON.parse(wire.bodies[1] ?? '');
    assert.deepEqual([truncate, shift, options.num_ctx], [false, false, 40_960]);
  });

  it('takes a window in few steps, no smaller than the conversation and no larger than the model', () => {
    const sizes = { usual: 16_384, most: 131_072 };
    assert.deepEqual(
      [0, 30_000, 31_000, 120_000, 10_000_000].map((characters) => windowFor(characters, sizes)),
      [16_384, 16_384, 32_768, 65_536, 131_072],
    );
    assert.equal(windowFor(0, { usual: 16_384, most: 4096 }), 4096);
  });

  it('sends and reads as the official client does', async () => {
    const sample = readFileSync(path.join(import.meta.dirname, 'samples/ollama/calls.ndjson'), 'utf8');
    const { wire, provider } = await start(details, lines(sample));
    const { done } = await whole({ provider, request: question('hello', { model: 'qwen3:8b' }) });
    const sent = JSON.parse(wire.bodies[1] ?? '');
    const read: unknown[] = [];
    for await (const { message } of await new Ollama({ host: wire.url }).chat({ ...sent, stream: true }))
      for (const call of message.tool_calls ?? []) read.push(call.function.arguments);
    assert.deepEqual(
      callsOf(done.parts).map(({ input }) => input),
      read,
    );
    assert.deepEqual(JSON.parse(wire.bodies[2] ?? ''), sent);
  });

  it('stays on this machine only where its address does', () => {
    const at = (baseURL?: string) => createOllama({ key: async () => null, baseURL }).local;
    assert.deepEqual(
      [at(), at('http://localhost:11434'), at('http://192.168.0.7:11434')],
      [true, true, false],
    );
  });
});
