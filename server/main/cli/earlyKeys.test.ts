import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { passOverEarlyKeys } from './earlyKeys.ts';

describe('keys that are pressed before a question can be read', () => {
  it('answer nothing, and those after it do', async () => {
    const { keys, modes, all } = terminal();
    keys.write('k\r');
    const passed = passOverEarlyKeys(undefined, all);
    keys.write('k\r');
    await passed;
    keys.write('later');
    const heard = once(keys, 'data');
    keys.resume();
    assert.equal(String((await heard)[0]), 'later');
    assert.deepEqual(modes, [true, false]);
  });

  it('interrupt nevertheless where they are Ctrl+C', async () => {
    const { keys, all, interrupts } = terminal();
    keys.write('k\u0003');
    await passOverEarlyKeys(undefined, all);
    assert.equal(interrupts.length, 1);
  });

  it('are waited for no longer where the question was withdrawn', async () => {
    const { modes, all } = terminal();
    await passOverEarlyKeys(AbortSignal.abort(), all);
    assert.deepEqual(modes, [true, false]);
  });
});

/** The keys of a terminal, into which modes it was put, and how often it was interrupted. */
function terminal() {
  const modes: boolean[] = [];
  const interrupts: true[] = [];
  const keys = Object.assign(new PassThrough(), {
    isRaw: false,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  });
  return { keys, modes, interrupts, all: { keys, interrupt: () => void interrupts.push(true) } };
}
