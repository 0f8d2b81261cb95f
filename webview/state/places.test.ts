import assert from 'node:assert/strict';
import type { Published } from '../../server/protocol/turn.ts';
import { placesOf } from './places.ts';

const at = (location: string, seq: number, state: Published['state']): Published => ({
  publication: { execution: `e${seq}`, target: 's3', location, time: seq },
  ...{ job: 'j', seq, state },
});

describe('the places of a deliverable', () => {
  const told = (publications: readonly Published[], replaced?: ReadonlySet<string>) =>
    placesOf(publications, replaced).map(({ publication, state }) => `${publication.execution} ${state}`);

  it('are told once each, by what stands there or by the last that did, and what stands comes first', () => {
    const all = [at('a', 1, 'replaced'), at('b', 2, 'undone'), at('a', 3, 'stands'), at('c', 4, 'replaced')];
    assert.deepEqual(told(all), ['e3 stands', 'e2 undone', 'e4 replaced']);
    assert.deepEqual(told([at('a', 1, 'stands'), at('a', 2, 'undone')]), ['e1 stands']);
    assert.deepEqual(told([]), []);
  });

  it('are lost to what another conversation published there', () => {
    assert.deepEqual(told([at('a', 1, 'stands'), at('b', 2, 'stands')], new Set(['e1'])), [
      'e2 stands',
      'e1 replaced',
    ]);
  });
});
