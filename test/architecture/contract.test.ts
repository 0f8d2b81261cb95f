import assert from 'node:assert/strict';
import { contract } from '../../server/protocol/index.ts';
import { isMessage, protocolModules } from './protocolModules.ts';

describe('the contract', () => {
  it('names each message once, under butler/', () => {
    const methods = contract.map((message) => message.method);
    assert.equal(new Set(methods).size, methods.length);
    for (const method of methods) assert.match(method, /^butler(\/[a-z][A-Za-z]*){1,2}$/);
  });

  it('holds every message that a noun file exports', async () => {
    const missing: string[] = [];
    for (const [noun, values] of await protocolModules()) {
      for (const [name, value] of Object.entries(values)) {
        if (isMessage(value) && !contract.includes(value)) missing.push(`${noun}.ts ${name}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  it('says of each message in one sentence what it does', () => {
    for (const message of contract) assert.match(message.does, /^[A-Z].*\.$/, message.method);
  });

  it('lets no page change Abilities, keys or the panic switch', () => {
    const kept = /^butler\/(ability\/(create|update|delete)|secret\/|admin\/(pause|resume)|doctor)/;
    const open = contract.filter((message) => message.page && kept.test(message.method));
    assert.deepEqual(open, []);
  });
});
