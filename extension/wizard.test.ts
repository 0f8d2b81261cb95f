import assert from 'node:assert/strict';
import { type Failure, failures, good, type Outcome } from '../server/protocol/failure.ts';
import { keyAtFault } from './targetSteps.ts';
import { type Answers, fillIn, type Reply, type Step } from './wizard.ts';

const step = (key: string): Step => ({ kind: 'text', key, question: key, wrong: () => null });
const keys = ['name', 'target', 'target.far.address', 'target.far.user', 'place'];

/** A form whose answers meet these ends in turn, filled in as `script` says by key. */
async function filled(ends: readonly Outcome<string>[], script: Readonly<Record<string, Reply[]>> = {}) {
  const asked: [key: string, before: string | undefined][] = [];
  const told: Failure[] = [];
  const taken: Answers[] = [];
  const value = await fillIn({
    steps: () => keys.map(step),
    ask: async ({ key }, { before }) => {
      asked.push([key, before]);
      return script[key]?.shift() ?? { answer: before ?? (key === 'target' ? 'far' : key) };
    },
    take: async (answers) => {
      taken.push(answers);
      return ends[taken.length - 1] ?? good('done');
    },
    refused: (failure, answers) => {
      told.push(failure);
      return keyAtFault(failure.field, answers);
    },
  });
  return { value, asked, told, taken };
}
const refused = (field: string): Outcome<string> => ({
  ok: false,
  failure: failures.invalid(field, 'No.', 'Mend it.'),
});

describe('a wizard whose answers are refused', () => {
  it('tells why, and asks again from the question at fault on, with every answer still there', async () => {
    const { value, asked, told, taken } = await filled([refused('target.config.address')], {
      'target.far.address': [{ answer: 'wrong' }, { answer: 'right' }],
    });
    assert.equal(value, 'done');
    assert.equal(told.length, 1);
    assert.deepEqual(asked.slice(keys.length), [
      ['target.far.address', 'wrong'],
      ['target.far.user', 'target.far.user'],
      ['place', 'place'],
    ]);
    assert.deepEqual(
      taken.map((answers) => answers['target.far.address']),
      ['wrong', 'right'],
    );
  });

  it('asks the last question again where none is at fault, as when the worker died, and for the part of a list', async () => {
    const gone: Outcome<string> = { ok: false, failure: failures.workerGone() };
    const { value, asked } = await filled([gone, refused('target.config.user.3')]);
    assert.equal(value, 'done');
    assert.deepEqual(
      asked.slice(keys.length).map(([key]) => key),
      ['place', 'target.far.user', 'place'],
    );
  });

  it('can still be gone back through and left', async () => {
    const { value, asked } = await filled([refused('place')], {
      place: [{ answer: 'here' }, 'back'],
      'target.far.user': [{ answer: 'anna' }, 'cancel'],
    });
    assert.equal(value, undefined);
    assert.deepEqual(
      asked.slice(keys.length).map(([key]) => key),
      ['place', 'target.far.user'],
    );
  });

  it('ends where no other answer helps', async () => {
    const { value, asked, told } = await filled([
      { ok: false, failure: failures.notFound('Ability', 'site') },
    ]);
    assert.deepEqual([value, asked.length, told.length], [undefined, keys.length, 1]);
  });
});
