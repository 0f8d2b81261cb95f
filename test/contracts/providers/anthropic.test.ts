import assert from 'node:assert/strict';
import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import type { ProviderMessage } from '../../../server/core/ports/provider.ts';
import { collect, question, said, textOf, whole } from './suite.ts';
import {
  anthropicEvents as a,
  cut,
  type Reply,
  refuse,
  stall,
  startWire,
  stream,
  type Wire,
} from './wire.ts';

const hello = stream(a.start(), ...a.text(0, 'Hello.'), ...a.end('end_turn'));
const thinks = stream(
  a.start(),
  a.open(0, { type: 'thinking', thinking: '', signature: '' }),
  a.delta(0, { type: 'thinking_delta', thinking: 'First read ' }),
  a.delta(0, { type: 'thinking_delta', thinking: 'the file.' }),
  a.delta(0, { type: 'signature_delta', signature: 'EqQBCgIYAhIM' }),
  a.close(0),
  a.open(1, { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3' }),
  a.close(1),
  { type: 'ping' },
  ...a.call(2, 'toolu_1', 'list_files'),
  ...a.end('tool_use'),
);

describe('provider anthropic on the wire', function () {
  this.timeout(20_000);
  const open: Wire[] = [];
  const start = async (...replies: [Reply, ...Reply[]]) => {
    const wire = await startWire(...replies);
    open.push(wire);
    return { wire, provider: createAnthropic({ key: async () => 'sk-test', baseURL: wire.url }) };
  };
  afterEach(() => Promise.all(open.splice(0).map((wire) => wire.close())));

  it('sends thinking back as it came, and an empty tool input as an empty object', async () => {
    const { wire, provider } = await start(thinks, hello);
    const first = await whole({ provider, request: question('hello') });
    assert.deepEqual(first.done.parts, [
      { kind: 'thinking', text: 'First read the file.', signature: 'EqQBCgIYAhIM' },
      { kind: 'thinking', text: '', signature: 'redacted:EmwKAhgBEgy3va3' },
      { kind: 'call', call: 'toolu_1', tool: 'list_files', input: {} },
    ]);
    const messages: ProviderMessage[] = [
      { role: 'user', text: 'hello' },
      { role: 'assistant', parts: [...first.done.parts, { kind: 'thinking', text: 'unsigned' }] },
      { role: 'tool', results: [{ call: 'toolu_1', tool: 'list_files', output: '', error: true }] },
    ];
    await whole({ provider, request: question('', { messages }) });
    assert.deepEqual(JSON.parse(wire.bodies[1] ?? '').messages.slice(1), [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'First read the file.', signature: 'EqQBCgIYAhIM' },
          { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3' },
          { type: 'tool_use', id: 'toolu_1', name: 'list_files', input: {} },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '(no output)', is_error: true }],
      },
    ]);
  });

  it('sends every byte of a request again at the beginning of the next', async () => {
    const { wire, provider } = await start(hello);
    const messages: ProviderMessage[] = [{ role: 'user', text: 'hello' }];
    for (let round = 0; round < 4; round++) {
      await whole({ provider, request: question('', { messages: [...messages] }) });
      messages.push(
        {
          role: 'assistant',
          parts: [{ kind: 'call', call: `c${round}`, tool: 'read_file', input: { round } }],
        },
        { role: 'tool', results: [{ call: `c${round}`, tool: 'read_file', output: 'text', error: false }] },
      );
    }
    for (const [index, body] of wire.bodies.slice(0, -1).entries()) {
      assert.ok(body.endsWith(']}'));
      assert.ok(wire.bodies[index + 1]?.startsWith(body.slice(0, -2)));
    }
  });

  it('asks for the cache of tools and system prompt, and of the whole conversation', async () => {
    const { wire, provider } = await start(hello);
    await whole({ provider, request: question('hello') });
    const body = JSON.parse(wire.bodies[0] ?? '');
    assert.deepEqual(body.cache_control, { type: 'ephemeral' });
    assert.deepEqual(body.system[0].cache_control, { type: 'ephemeral' });
    assert.equal(body.model, provider.models[0]);
  });

  it('uses one connection for round after round', async () => {
    const ports = new Set<number | undefined>();
    const { provider } = await start((response, request) => {
      ports.add(request.socket.remotePort);
      return hello(response, request);
    });
    for (let round = 0; round < 5; round++) {
      for await (const event of provider.stream(question('hello'), new AbortController().signal)) {
        if (event.kind === 'done') break;
      }
    }
    assert.equal(ports.size, 1);
  });

  it('closes the connection when it is stopped, and when its listener goes away', async () => {
    for (const stop of ['abort', 'leave'] as const) {
      const { wire, provider } = await start(stall(a.start(), ...a.text(0, 'He')));
      const control = new AbortController();
      for await (const event of provider.stream(question('hello'), control.signal)) {
        if (event.kind !== 'text') continue;
        if (stop === 'leave') break;
        control.abort();
      }
      await wire.dropped;
    }
  });

  it('says until when a limit lasts, from seconds and from a date', async () => {
    const now = Date.UTC(2026, 0, 1);
    for (const [given, until] of [
      ['7', now + 7000],
      ['0.5', now + 500],
      ['Thu, 01 Jan 2026 00:01:00 GMT', now + 60_000],
      ['soon', undefined],
    ] as const) {
      const { wire } = await start(refuse(429, 'rate_limit_error', 'Slow down', { 'retry-after': given }));
      const provider = createAnthropic({ key: async () => 'sk-test', baseURL: wire.url, now: () => now });
      const last = (await collect({ provider, request: question('hello') })).at(-1);
      assert.ok(last?.kind === 'failed');
      assert.equal(last.failure.until, until, given);
      assert.equal(wire.bodies.length, 1, 'it does not try again by itself');
    }
  });

  it('hands on what came before a cut, and never a call of it', async () => {
    const { provider } = await start(
      cut(a.start(), ...a.text(0, 'I read it.'), ...a.call(1, 'toolu_1', 'read_file', '{"path":"a.md"}')),
    );
    const events = await collect({ provider, request: question('hello') });
    assert.deepEqual(events.map(said), ['text', 'tool', 'failed cut']);
  });

  it('takes an empty answer after a tool result as the end', async () => {
    const { provider } = await start(stream(a.start(), ...a.end('end_turn')));
    const messages: ProviderMessage[] = [
      { role: 'user', text: 'hello' },
      { role: 'assistant', parts: [{ kind: 'call', call: 'c', tool: 'read_file', input: {} }] },
      { role: 'tool', results: [{ call: 'c', tool: 'read_file', output: 'x', error: false }] },
    ];
    const { done } = await whole({ provider, request: question('', { messages }) });
    assert.deepEqual([done.parts, done.stop], [[], 'end']);
  });

  it('keeps what was said when the answer is as long as allowed', async () => {
    const { provider } = await start(stream(a.start(), ...a.text(0, 'Half a'), ...a.end('max_tokens')));
    const { done } = await whole({ provider, request: question('hello') });
    assert.deepEqual([textOf(done.parts), done.stop], ['Half a', 'length']);
  });

  it('passes over events and blocks that it does not know', async () => {
    const { provider } = await start(
      stream(
        a.start(),
        { type: 'something_new', index: 9 },
        a.open(0, { type: 'new_block', payload: 1 }),
        a.delta(0, { type: 'new_delta', payload: 2 }),
        a.close(0),
        ...a.text(1, 'Hello.'),
        ...a.end('end_turn'),
      ),
    );
    assert.deepEqual((await whole({ provider, request: question('hello') })).done.parts, [
      { kind: 'text', text: 'Hello.' },
    ]);
  });

  it('sends nothing without a usable key, and never shows one', async () => {
    const { wire } = await start(hello);
    for (const key of [null, '', '  ', 'sk-secret\nx: y', 'sk-sécret']) {
      const provider = createAnthropic({ key: async () => key, baseURL: wire.url });
      const last = (await collect({ provider, request: question('hello') })).at(-1);
      assert.ok(last?.kind === 'failed' && last.failure.kind === 'auth', last && said(last));
      assert.ok(!JSON.stringify(last).includes('secret') && !JSON.stringify(last).includes('sécret'));
    }
    assert.deepEqual(wire.bodies, []);
  });

  it('ends at once when it is stopped while the key is fetched', async () => {
    const { wire } = await start(hello);
    const control = new AbortController();
    const key = () => {
      control.abort();
      return new Promise<string | null>(() => undefined);
    };
    const provider = createAnthropic({ key, baseURL: wire.url });
    const events = await collect({ provider, request: question('hello') }, control.signal);
    assert.deepEqual(events.map(said), ['failed cancelled']);
  });
});
