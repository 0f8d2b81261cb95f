import assert from 'node:assert/strict';
import { cyclesOf } from './cycles.ts';
import { layerBreaches } from './layers.ts';
import { moduleStateBreaches, worldBreaches } from './purity.ts';
import { type Breach, ownSources, report, type Tree } from './tree.ts';
import { exportBreaches, lengthBreaches, nameBreaches, wordBreaches } from './wording.ts';

describe('our source', () => {
  const tree = ownSources();

  const rules: Readonly<Record<string, (tree: Tree) => Breach[]>> = {
    'imports along the arrows of DESIGN only': layerBreaches,
    'takes nothing of the world into protocol and core': worldBreaches,
    'keeps no state in modules': moduleStateBreaches,
    'has no file that is longer than a file may be': lengthBreaches,
    'names no file after a role': nameBreaches,
    'says no any, silences no check, promises nothing for later, switches no test off': wordBreaches,
    're-exports in registries only': exportBreaches,
  };
  for (const [sentence, breachesOf] of Object.entries(rules)) {
    it(sentence, () => assert.deepEqual(report(breachesOf(tree)), []));
  }

  it('has no ring of imports, type-only ones included', () => assert.deepEqual(cyclesOf(tree), []));
});
