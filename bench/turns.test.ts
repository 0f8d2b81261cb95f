import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { takeTurns } from './turns.ts';

describe('turns', () => {
  it('begin when all have come, and go to and fro between them', async () => {
    const turns = takeTurns(['one', 'other']);
    const order: string[] = [];
    const come = async (who: string) => {
      for (let time = 0; time < 3; time++) {
        await turns.wait(who);
        order.push(who);
      }
      turns.leave(who);
    };
    const first = come('one');
    await setImmediate();
    assert.deepEqual(order, []);
    await Promise.all([first, come('other')]);
    assert.deepEqual(order, ['one', 'other', 'one', 'other', 'one', 'other']);
  });

  it('go on with who is left', async () => {
    const turns = takeTurns(['one', 'other']);
    const gone = turns.wait('other');
    await turns.wait('one');
    turns.leave('one');
    await gone;
    await turns.wait('other');
  });
});
