import assert from 'node:assert/strict';
import { contract } from '../protocol/index.ts';
import { handlers } from './handlers.ts';

describe('the table of handlers', () => {
  it('answers every request of the contract that a client may send, once', () => {
    const wanted = contract.filter((message) => message.kind === 'request' && message.from === 'client');
    assert.deepEqual(
      handlers.map(({ message }) => message.method).sort(),
      wanted.map(({ method }) => method).sort(),
    );
  });
});
