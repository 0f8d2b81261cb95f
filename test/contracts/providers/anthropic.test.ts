import assert from 'node:assert/strict';
import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import type { ProviderMessage } from '../../../server/core/ports/provider.ts';
import { anthropicEvents as a } from './anthropicEvents.ts';
import { question, whole } from './listen.ts';
import { type Reply, startWire, stream, type Wire } from './wire.ts';

const hello = stream(a.start(), ...a.text(0, 'Hello.'), ...a.end('end_turn'));
const thinks = stream(
  a.start(),
  ...a.thoughts(0, 'EqQBCgIYAhIM', 'First read ', 'the file.'),
  a.open(1, { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3' }),
  a.close(1),
  { type: 'ping' },
  ...a.call(2, 'toolu_1', 'list_files'),
  ...a.end('tool_use'),
);

describe('provider anthropic on the wire', () => {
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

  it('asks for the cache of tools and system prompt, and of the whole conversation', async () => {
    const { wire, provider } = await start(hello);
    await whole({ provider, request: question('hello') });
    const body = JSON.parse(wire.bodies[0] ?? '');
    assert.deepEqual(body.cache_control, { type: 'ephemeral' });
    assert.deepEqual(body.system[0].cache_control, { type: 'ephemeral' });
    assert.equal(body.model, provider.models[0]);
  });

  it('asks models that think by themselves to tell it, and changes nothing for those that do not', async () => {
    const { wire, provider } = await start(hello);
    const models = [
      'claude-opus-5-5',
      'claude-sonnet-5-5',
      'claude-haiku-5-5',
      'claude-fable-5-2',
      'claude-opus-4-8',
      'claude-sonnet-4-5',
      'claude-of-another-day',
    ];
    for (const model of models) await whole({ provider, request: question('hello', { model }) });
    const told = { type: 'adaptive', display: 'summarized' };
    assert.deepEqual(
      wire.bodies.map((body) => JSON.parse(body).thinking),
      [told, told, told, told, undefined, undefined, undefined],
    );
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
});
