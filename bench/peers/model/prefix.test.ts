import assert from 'node:assert/strict';
import { messages } from '../wires/messages.ts';
import { readText, sharedPart } from './prefix.ts';

describe('the common prefix of requests', () => {
  const text = (...said: object[]) => readText(messages.read({ system: 'Be kind.', messages: said }));
  const hello = { role: 'user', content: 'Hello.' };

  it('is the whole of the earlier one where only something was added', () => {
    assert.equal(sharedPart(text(hello), text(hello, { role: 'assistant', content: 'Yes?' })), 1);
  });

  it('ends where something before was changed', () => {
    const shared = sharedPart(text(hello, hello), text({ role: 'user', content: 'Hell' }, hello));
    assert.ok(shared > 0 && shared < 1, `${shared}`);
  });

  it('does not mind that a mark for the cache moved', () => {
    const cache_control = { type: 'ephemeral' };
    const marked = { role: 'user', content: [{ type: 'text', text: 'Hello.', cache_control }] };
    assert.equal(text(marked), text(hello));
  });
});
