import assert from 'node:assert/strict';
import { deliveryContract } from './deliveryContract.ts';
import { deliveryProperties } from './deliveryProperties.ts';
import { jobContract } from './jobContract.ts';
import { leaseContract } from './leaseContract.ts';
import { setUpContract } from './setUpContract.ts';
import { sqliteUnderTest, withDatabase } from './sqliteUnderTest.ts';
import { storeContract } from './storeContract.ts';
import { storeProperties } from './storeProperties.ts';

/** What the code itself puts into a query: a state, a kind, a path, a small number. No id, digest, time or title looks so. */
const ours = /^('(\$\.)?[a-z_.]*'|\d{1,4})$/;

describe('SQLite', () => {
  const texts = new Set<string>();
  let unnoted = () => {};

  before(async () => {
    const { place, dispose } = await sqliteUnderTest();
    withDatabase(place, (database) => {
      const engine: typeof database = Object.getPrototypeOf(database);
      const { prepare } = engine;
      engine.prepare = function (this: typeof database, text: string) {
        texts.add(text);
        return prepare.call(this, text);
      } as typeof prepare;
      unnoted = () => {
        engine.prepare = prepare;
      };
    });
    await dispose();
  });
  after(() => unnoted());

  storeContract('SQLite', sqliteUnderTest);
  leaseContract('SQLite', sqliteUnderTest);
  jobContract('SQLite', sqliteUnderTest);
  deliveryContract('SQLite', sqliteUnderTest);
  deliveryProperties('SQLite', sqliteUnderTest);
  setUpContract('SQLite', sqliteUnderTest);
  storeProperties('SQLite', sqliteUnderTest);

  describe('after all of that', () => {
    it('was told queries with what the code puts into their text, and nothing that came from outside', () => {
      const written = [...texts].flatMap((text) => text.match(/'(?:[^']|'')*'|\b\d[\w.]*/g) ?? []);
      assert.ok(written.includes("'queued'"), 'they were noted');
      assert.deepEqual(
        written.filter((one) => !ours.test(one)),
        [],
      );
    });
  });
});
