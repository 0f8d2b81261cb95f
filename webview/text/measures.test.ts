import assert from 'node:assert/strict';
import { headAndTail } from './headAndTail.ts';
import { ago, countdown, duration, money, size } from './measures.ts';

describe('measures', () => {
  it('says how long something took', () => {
    assert.deepEqual([40, 420, 12_300, 185_000].map(duration), ['0.0 s', '0.4 s', '12 s', '3 min 05 s']);
  });

  it('counts down to nought and not below', () => {
    assert.deepEqual([300_000, 249_001, 900, 0, -5000].map(countdown), [
      '5:00',
      '4:10',
      '0:01',
      '0:00',
      '0:00',
    ]);
  });

  it('says what something costs, small things to the hundredth of a cent', () => {
    const said = [0, 0.00314, 0.25, 1.239].map((usd) => money(usd, 'en'));
    assert.deepEqual(said, ['$0.00', '$0.0031', '$0.25', '$1.24']);
  });

  it('says how large and how long ago', () => {
    assert.deepEqual([812, 4200, 1_300_000].map(size), ['812 B', '4.2 KB', '1.3 MB']);
    assert.equal(ago(0, 3 * 3_600_000, 'en'), '3 hr. ago');
    assert.equal(ago(0, 20_000, 'en'), 'this minute');
  });
});

describe('headAndTail', () => {
  it('keeps both ends of a long text and counts what lies between', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${index}`);
    const { head, between, tail } = headAndTail(lines.join('\n'));
    assert.equal(head.split('\n').length + between + tail.split('\n').length, 100);
    assert.ok(head.startsWith('0\n'));
    assert.ok(tail.endsWith('\n99'));
  });

  it('leaves a short text whole', () => {
    assert.deepEqual(headAndTail('a\nb'), { head: 'a\nb', between: 0, unit: 'lines', tail: '' });
  });
});
