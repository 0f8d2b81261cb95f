import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createGroq } from '../../../server/adapters/providers/groq.ts';
import type { HttpOptions } from '../../../server/adapters/providers/httpProvider.ts';
import { createMistral } from '../../../server/adapters/providers/mistral.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Provider, ProviderMessage } from '../../../server/core/ports/provider.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { chatEvents as c } from './chatEvents.ts';
import { collect, question, said, whole } from './listen.ts';
import { responseEvents as r } from './responseEvents.ts';
import { asked } from './staging.ts';
import { startWire, stream } from './wire.ts';

const saysHello = stream(...c.text('Hello.'), ...c.end('stop'));
const saysResponse = stream(r.start(), ...r.text(0, 'Hello.'), r.end());

/** What another provider left behind, with a call that failed. */
const history: ProviderMessage[] = [
  { role: 'user', text: 'hello' },
  {
    role: 'assistant',
    parts: [
      { kind: 'thinking', text: 'unsigned' },
      { kind: 'text', text: 'I look.' },
      { kind: 'call', call: 'toolu_01A09q90qw90lq917835lq9', tool: 'read_file', input: { path: 'a.md' } },
    ],
  },
  {
    role: 'tool',
    results: [
      { call: 'toolu_01A09q90qw90lq917835lq9', tool: 'read_file', output: 'No such file.', error: true },
    ],
  },
  { role: 'assistant', parts: [{ kind: 'thinking', text: 'nothing came of it', signature: 'rs_1 gAAAA' }] },
  { role: 'user', text: 'And now?' },
];

/** The body that a provider sends, and the headers. */
async function sent(
  create: (options: HttpOptions & { readonly baseURL: string }) => Provider,
  reply = saysHello,
  key: string | null = 'sk-test',
  messages = history,
) {
  let headers: IncomingHttpHeaders = {};
  const wire = await startWire((response, request) => {
    headers = request.headers;
    return reply(response, request);
  });
  const provider = create({ key: async () => key, baseURL: wire.url });
  await whole({ provider, request: { ...asked, messages } });
  await wire.close();
  return { body: JSON.parse(wire.bodies[0] ?? ''), headers };
}

describe('the OpenAI family', () => {
  it('tells Mistral only what it documents, with ids of nine letters and digits', async () => {
    const { body } = await sent(createMistral);
    assert.deepEqual(Object.keys(body), ['model', 'stream', 'max_tokens', 'tools', 'messages']);
    const [, , said, result] = body.messages;
    assert.match(said.tool_calls[0].id, /^[a-zA-Z0-9]{9}$/);
    assert.deepEqual(result, {
      role: 'tool',
      tool_call_id: said.tool_calls[0].id,
      name: 'read_file',
      content: 'Failed: No such file.',
    });
  });

  it('puts a word of the assistant between a result and what a person says at Mistral, which refuses them side by side', async () => {
    for (const messages of [history, history.toSpliced(3, 1)]) {
      const { body } = await sent(createMistral, saysHello, 'sk-test', messages);
      assert.deepEqual(
        body.messages.map(({ role }: { role: string }) => role),
        ['system', 'user', 'assistant', 'tool', 'assistant', 'user'],
      );
    }
    const { body } = await sent(createMistral, saysHello, 'sk-test', history.slice(0, 3));
    assert.equal(body.messages.at(-1).role, 'tool', 'nothing is said where nobody speaks');
  });

  it('asks Groq and others to count tokens, each in the words it reads', async () => {
    for (const [create, bound] of [
      [createGroq, 'max_completion_tokens'],
      [createCompatible, 'max_tokens'],
    ] as const) {
      const { body } = await sent(create);
      assert.deepEqual(body.stream_options, { include_usage: true });
      assert.equal(body[bound], asked.maxTokens);
      assert.deepEqual(
        body.messages.map(({ role }: { role: string }) => role),
        ['system', 'user', 'assistant', 'tool', 'user'],
      );
      assert.ok(!JSON.stringify(body).includes('unsigned'));
    }
  });

  it('sends no key to a service of the person that has none', async () => {
    assert.equal((await sent(createCompatible, saysHello, null)).headers.authorization, undefined);
    assert.equal((await sent(createCompatible)).headers.authorization, 'Bearer sk-test');
  });

  it('lets OpenAI keep nothing, and gives back no thought that nothing came of', async () => {
    const { body } = await sent(createOpenAi, saysResponse);
    assert.equal(body.store, false);
    assert.deepEqual(
      body.input.map(({ role, type }: { role?: string; type?: string }) => role ?? type),
      ['user', 'assistant', 'function_call', 'function_call_output', 'user'],
    );
  });

  it('gives OpenAI the phase of what was said back, and no other service', async () => {
    const parts: Part[] = [
      { kind: 'text', text: 'I look.', phase: 'commentary' },
      { kind: 'text', text: 'It is there.', phase: 'final_answer' },
      { kind: 'text', text: 'Said by an older model.' },
    ];
    const told: ProviderMessage[] = [{ role: 'assistant', parts }];
    const { body } = await sent(createOpenAi, saysResponse, 'sk-test', told);
    assert.deepEqual(body.input, [
      { role: 'assistant', content: 'I look.', phase: 'commentary' },
      { role: 'assistant', content: 'It is there.', phase: 'final_answer' },
      { role: 'assistant', content: 'Said by an older model.' },
    ]);
    const other = await sent(createCompatible, saysHello, 'sk-test', told);
    assert.ok(!JSON.stringify(other.body).includes('phase'));
  });

  it('keeps the phase that only a whole message names', async () => {
    const message = { type: 'message', id: 'msg_1', role: 'assistant', content: [] };
    const wire = await startWire(
      stream(
        r.start(),
        ...r.text(0, 'Hello.').slice(0, -1),
        r.close(0, { ...message, phase: 'final_answer' }),
        ...r.text(1, 'Bye.').slice(0, -1),
        r.close(1, { ...message, phase: null }),
        r.end(),
      ),
    );
    const provider = createOpenAi({ key: async () => 'sk-test', baseURL: wire.url });
    assert.deepEqual((await whole({ provider, request: asked })).done.parts, [
      { kind: 'text', text: 'Hello.', phase: 'final_answer' },
      { kind: 'text', text: 'Bye.' },
    ]);
    await wire.close();
  });

  it('asks for a model where a service of the person has none to offer', async () => {
    const provider = createCompatible({ key: async () => null, baseURL: 'http://127.0.0.1:1/v1' });
    const events = await collect({ provider, request: question('hello') });
    assert.deepEqual(events.map(said), ['failed invalid']);
  });

  it('counts a service at this machine as local, and no other', () => {
    const at = (baseURL: string) => createCompatible({ key: async () => null, baseURL });
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      assert.equal(at(`http://${host}:8080/v1`).local, true);
    for (const host of ['10.0.0.5', 'localhost.example.com'])
      assert.equal(at(`http://${host}/v1`).local, false);
    assert.equal(createOpenAi({ key: async () => null, baseURL: 'http://127.0.0.1:1' }).local, false);
  });

  it('waits for the token count that comes after the end, and takes an answer without one', async () => {
    for (const [events, usage] of [
      [[...c.text('Hello.'), ...c.end('stop')], { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 }],
      [[...c.text('Hello.'), c.piece({}, 'stop'), c.done], null],
      [[...c.text('Hello.'), c.piece({}, 'stop')], null],
    ] as const) {
      const wire = await startWire(stream(...events));
      const provider = createCompatible({ key: async () => null, baseURL: wire.url });
      assert.deepEqual((await whole({ provider, request: asked })).done.usage, usage);
      await wire.close();
    }
  });

  it('passes over events that it does not know', async () => {
    const wire = await startWire(
      stream(
        ': a comment\n\n',
        { object: 'something.new' },
        { choices: [] },
        ...c.text('Hello.'),
        ...c.end('stop'),
      ),
    );
    const provider = createCompatible({ key: async () => null, baseURL: wire.url });
    assert.deepEqual((await whole({ provider, request: asked })).done.parts, [
      { kind: 'text', text: 'Hello.' },
    ]);
    await wire.close();
  });
});
