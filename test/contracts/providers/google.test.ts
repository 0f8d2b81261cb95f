import assert from 'node:assert/strict';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import type { HttpOptions } from '../../../server/adapters/providers/httpProvider.ts';
import type { ProviderMessage } from '../../../server/core/ports/provider.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { gemini as g, geminiError } from './googleWire.ts';
import { callsOf, collect, question, textOf, whole } from './listen.ts';
import { type Reply, startWire, stream, type Wire } from './wire.ts';

const hello = stream(g.text('Hello.'), g.end());

describe('provider google on the wire', () => {
  const open: Wire[] = [];
  const start = async (reply: Reply, more: Partial<HttpOptions> = {}) => {
    const wire = await startWire(reply);
    open.push(wire);
    return { wire, provider: createGoogle({ key: async () => 'sk-test', baseURL: wire.url, ...more }) };
  };
  afterEach(() => Promise.all(open.splice(0).map((wire) => wire.close())));

  /** What is sent of a message of the model. */
  const sentAs = async (model: string, parts: readonly Part[]) => {
    const { wire, provider } = await start(hello);
    const messages: ProviderMessage[] = [
      { role: 'user', text: 'hello' },
      { role: 'assistant', parts },
    ];
    await whole({ provider, request: question('', { model, messages }) });
    return JSON.parse(wire.bodies[0] ?? '').contents[1]?.parts;
  };

  it('gives each signature back on what it came with', async () => {
    const { provider } = await start(
      stream(
        g.event([{ text: 'First read both.', thought: true }]),
        g.event([{ text: 'I read ' }]),
        g.event([{ text: 'them.', thoughtSignature: 'T1==' }]),
        g.event([g.call('read_file', { path: 'a.md' }, 'C1=='), g.call('read_file', { path: 'b.md' })]),
        g.end(),
      ),
    );
    const { done } = await whole({ provider, request: question('hello') });
    const [first, second] = callsOf(done.parts);
    assert.deepEqual(await sentAs('gemini-3.8-flash', done.parts), [
      { text: 'I read them.' },
      { text: '', thoughtSignature: 'T1==' },
      {
        functionCall: { id: first?.call, name: 'read_file', args: { path: 'a.md' } },
        thoughtSignature: 'C1==',
      },
      { functionCall: { id: second?.call, name: 'read_file', args: { path: 'b.md' } } },
    ]);
  });

  it('says of a call that another model made that it has no signature, where one is wanted', async () => {
    const parts: Part[] = [
      { kind: 'call', call: 'toolu_1', tool: 'read_file', input: {} },
      { kind: 'call', call: 'toolu_2', tool: 'read_file', input: {} },
    ];
    const signatures = async (model: string) =>
      (await sentAs(model, parts)).map((part: { thoughtSignature?: string }) => part.thoughtSignature);
    const foreign = 'skip_thought_signature_validator';
    assert.deepEqual(await signatures('gemini-3.8-flash'), [foreign, undefined]);
    assert.deepEqual(await signatures('gemini-2.5-pro'), [undefined, undefined]);
  });

  it('gives every call an id of its own, and keeps those of the service', async () => {
    const call = (id?: string) => ({
      functionCall: { name: 'read_file', args: {}, ...(id ? { id } : {}) },
    });
    const { provider } = await start(stream(g.event([call('a'), call('a'), call(), call()]), g.end()));
    const { done } = await whole({ provider, request: question('hello') });
    const ids = callsOf(done.parts).map((one) => one.call);
    assert.equal(ids[0], 'a');
    assert.equal(new Set(ids).size, 4);
  });

  it('sends results with the names of their tools, and says which went wrong', async () => {
    const { wire, provider } = await start(hello);
    const messages: ProviderMessage[] = [
      { role: 'user', text: 'hello' },
      { role: 'assistant', parts: [{ kind: 'call', call: 'c1', tool: 'read_file', input: {} }] },
      {
        role: 'tool',
        results: [
          { call: 'c1', tool: 'read_file', output: 'text', error: false },
          { call: 'c2', tool: 'list_files', output: 'no such folder', error: true },
        ],
      },
    ];
    await whole({ provider, request: question('', { messages }) });
    assert.deepEqual(JSON.parse(wire.bodies[0] ?? '').contents[2], {
      role: 'user',
      parts: [
        { functionResponse: { id: 'c1', name: 'read_file', response: { output: 'text' } } },
        { functionResponse: { id: 'c2', name: 'list_files', response: { error: 'no such folder' } } },
      ],
    });
  });

  it('asks for thoughts only where a model has some', async () => {
    const { wire, provider } = await start(hello);
    for (const model of ['gemini-3.8-flash', 'gemini-2.0-flash', 'gemma-3-27b-it'])
      await whole({ provider, request: question('hello', { model }) });
    const configs = wire.bodies.map((body) => JSON.parse(body).generationConfig.thinkingConfig);
    assert.deepEqual(configs, [{ includeThoughts: true }, undefined, undefined]);
  });

  it('reads to the end of the stream, because any event may give a reason to end', async () => {
    const { provider } = await start(
      stream(g.event([{ text: 'Hel' }], 'STOP'), g.event([{ text: 'lo.' }], 'STOP')),
    );
    assert.equal(textOf((await whole({ provider, request: question('hello') })).done.parts), 'Hello.');
  });

  it('says of each reason to end what it means', async () => {
    for (const [reason, kind] of [
      ['RECITATION', 'refused'],
      ['PROHIBITED_CONTENT', 'refused'],
      ['SPII', 'refused'],
      ['UNEXPECTED_TOOL_CALL', 'malformed'],
      ['OTHER', 'malformed'],
    ] as const) {
      const { provider } = await start(stream(g.text('I'), g.end(reason)));
      const last = (await collect({ provider, request: question('hello') })).at(-1);
      assert.equal(last?.kind === 'failed' && last.failure.kind, kind, reason);
    }
  });

  it('says that a question was refused before any answer', async () => {
    const { provider } = await start(stream(g.bytes({ promptFeedback: { blockReason: 'SAFETY' } })));
    const last = (await collect({ provider, request: question('hello') })).at(-1);
    assert.equal(last?.kind === 'failed' && last.failure.kind, 'refused');
  });

  it('says until when a limit lasts, from the details of the error', async () => {
    const now = Date.UTC(2026, 0, 1);
    const reply = geminiError(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' },
    ]);
    const { wire, provider } = await start(reply, { now: () => now });
    const last = (await collect({ provider, request: question('hello') })).at(-1);
    assert.equal(last?.kind === 'failed' && last.failure.until, now + 34_500);
    assert.equal(wire.bodies.length, 1, 'it does not try again by itself');
  });

  it('waits for a limit whose error speaks of the plan and its billing, unless it allows nothing at all', async () => {
    const quota = (limit: number) =>
      `The quota is used up; look into your plan and billing details.\n* Metric: requests, limit: ${limit}, model: x`;
    for (const [limit, kind] of [
      [5, 'limited'],
      [0, 'denied'],
    ] as const) {
      const { provider } = await start(geminiError(429, 'RESOURCE_EXHAUSTED', quota(limit)));
      const last = (await collect({ provider, request: question('hello') })).at(-1);
      assert.equal(last?.kind === 'failed' && last.failure.kind, kind);
    }
  });
});
