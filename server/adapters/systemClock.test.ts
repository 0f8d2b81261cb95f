import { strict as assert } from 'node:assert';
import { Id } from '../protocol/message.ts';
import { systemClock } from './systemClock.ts';

describe('the system clock', () => {
  it('makes short ids that fit the contract, differ, and sort by time of birth', async () => {
    const first = systemClock.id();
    await systemClock.sleep(2);
    const second = systemClock.id();
    assert.ok(Id.safeParse(first).success && first.length === 20);
    assert.ok(first < second);
    assert.equal(new Set(Array.from({ length: 10_000 }, () => systemClock.id())).size, 10_000);
  });

  it('sleeps until the time is over or the signal aborts, and never rejects', async () => {
    const abort = new AbortController();
    const sleeping = systemClock.sleep(600_000, abort.signal);
    abort.abort();
    await sleeping;
    await systemClock.sleep(600_000, abort.signal);
    await systemClock.sleep(1);
  });

  it('digests text as its UTF-8 bytes', () => {
    const text = 'Grüße';
    assert.equal(systemClock.digest(text), systemClock.digest(new TextEncoder().encode(text)));
    assert.equal(systemClock.digest(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});
