import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Entry } from '../protocol/journal.ts';
import { openOutbox } from './outbox.ts';

describe('the outbox', () => {
  let told: [method: string, params: unknown][];
  let outbox: ReturnType<typeof openOutbox>;
  beforeEach(() => {
    told = [];
    const sendNotification = async (method: unknown, params: unknown) => {
      told.push([method as string, params]);
    };
    outbox = openOutbox({ sendNotification } as Parameters<typeof openOutbox>[0]);
  });
  afterEach(() => outbox.close());

  const entry = (seq: number) => ({ seq }) as Entry;
  const piece = (kind: 'text' | 'tool', text: string, job = 'one') => ({ job, session: 's', kind, text });

  it('tells by itself what waits, all of it, in its order and once', async () => {
    outbox.token(piece('text', 'Hel'));
    outbox.entries([entry(1)]);
    outbox.entries([entry(2), entry(3)]);
    outbox.token(piece('text', 'lo'));
    assert.deepEqual(told, []);
    while (told.length < 3) await setTimeout(1);
    outbox.flush();
    assert.deepEqual(told, [
      ['butler/job/token', piece('text', 'Hel')],
      ['butler/journal/appended', { entries: [entry(1), entry(2), entry(3)] }],
      ['butler/job/token', piece('text', 'lo')],
    ]);
  });

  it('joins what is said of one text, but neither two tools nor two jobs', () => {
    for (const text of ['a', 'b']) outbox.token(piece('text', text));
    outbox.token(piece('text', 'c', 'other'));
    for (const tool of ['read_file', 'publish']) outbox.token(piece('tool', tool));
    outbox.flush();
    assert.deepEqual(
      told.map(([, params]) => (params as { text: string }).text),
      ['ab', 'c', 'read_file', 'publish'],
    );
  });

  it('changes nothing of what it was given', () => {
    const given = [entry(1)];
    outbox.entries(given);
    outbox.entries([entry(2)]);
    assert.equal(given.length, 1);
  });

  it('tells at its end what still waits', () => {
    outbox.entries([entry(1)]);
    outbox.close();
    assert.equal(told.length, 1);
  });
});
