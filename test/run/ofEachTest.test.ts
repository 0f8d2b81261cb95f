import assert from 'node:assert/strict';
import { ofEachTest, standIn } from '../support/ofEachTest.ts';

describe('a thing of each test', () => {
  const said: string[] = [];
  const made = () => said.filter((one) => one.startsWith('made')).length;
  const thing = ofEachTest(
    async () => {
      said.push(`made ${made() + 1}`);
      return { number: made(), inner: { number: made() }, words: '' };
    },
    ({ number }) => said.push(`ended ${number}`),
  );
  const inner = standIn(() => thing.inner);
  ofEachTest(() => ({ [Symbol.asyncDispose]: async () => void said.push('disposed of') }));

  for (const number of [1, 2]) {
    it(`is another one in test ${number}, and may be changed there`, () => {
      assert.deepEqual([thing.number, inner.number, thing.words], [number, number, '']);
      thing.words = 'changed';
      assert.deepEqual({ ...thing }, { number, inner: { number }, words: 'changed' });
      assert.ok('words' in thing);
    });
  }

  it('is ended after its test, by what was said or else by its own way', () => {
    assert.deepEqual(said, [
      ...['made 1', 'ended 1', 'disposed of'],
      ...['made 2', 'ended 2', 'disposed of'],
      'made 3',
    ]);
  });

  after(() => assert.throws(() => thing.words, /in a test only/));
});
