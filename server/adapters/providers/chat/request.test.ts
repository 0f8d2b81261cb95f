import assert from 'node:assert/strict';
import type { Part } from '../../../protocol/provider.ts';
import type { ChatForm } from './form.ts';
import { wireMessages } from './request.ts';

const form: ChatForm = {
  bound: 'max_tokens',
  asksUsage: true,
  givenBack: ['reasoning_content'],
  callId: (id) => id,
  namesTools: false,
  wantsAnswers: false,
};
const call: Part = { kind: 'call', call: 'c', tool: 'read_file', input: { path: 'a.md' } };
const wireCall = {
  id: 'c',
  type: 'function',
  function: { name: 'read_file', arguments: '{"path":"a.md"}' },
};
const thought = (signature: string): Part => ({ kind: 'thinking', text: 'First read.', signature });
const wired = (parts: readonly Part[], own: Partial<ChatForm> = {}) =>
  wireMessages({ role: 'assistant', parts }, { ...form, ...own });

describe('a message of Chat Completions', () => {
  it('gives a thought back in the form by which it came, where that is wanted', () => {
    assert.deepEqual(wired([thought('reasoning_content'), call]), [
      { role: 'assistant', content: null, reasoning_content: 'First read.', tool_calls: [wireCall] },
    ]);
    assert.deepEqual(wired([thought('reasoning'), call]), [
      { role: 'assistant', content: null, tool_calls: [wireCall] },
    ]);
  });

  it('says an empty thought where a service misses it before a call, and nowhere else', () => {
    const missed = 'reasoning_content';
    assert.deepEqual(wired([thought('of another'), call], { missed }), [
      { role: 'assistant', content: null, reasoning_content: '', tool_calls: [wireCall] },
    ]);
    assert.deepEqual(wired([{ kind: 'text', text: 'Done.' }], { missed }), [
      { role: 'assistant', content: 'Done.' },
    ]);
  });

  it('is none where nothing was said or asked', () => {
    assert.deepEqual(wired([thought('reasoning_content')]), []);
    assert.deepEqual(wired([{ kind: 'text', text: '  ' }]), []);
  });

  it('never holds half a character', () => {
    const user = { role: 'user', text: 'half \ud83d' } as const;
    assert.ok(JSON.stringify(wireMessages(user, form)).isWellFormed());
    assert.deepEqual(wireMessages(user, form), [{ role: 'user', content: 'half \ufffd' }]);
  });
});
