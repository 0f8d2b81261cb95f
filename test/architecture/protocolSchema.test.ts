import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { contract } from '../../server/protocol/index.ts';
import { protocolDocuments } from './protocolSchema.ts';
import { root } from './tree.ts';

describe('docs/protocol', () => {
  it('says what the contract says; after a change of the contract run "npm run schema"', async () => {
    for (const [file, text] of await protocolDocuments()) {
      assert.equal(readFileSync(path.join(root, file), 'utf8'), text, `${file} has drifted`);
    }
  });

  it('describes every message, and refers to nothing that it does not hold', async () => {
    const text = (await protocolDocuments()).get('docs/protocol/protocol.schema.json') ?? '';
    const schema = JSON.parse(text);
    assert.deepEqual(
      Object.keys(schema.messages),
      contract.map((message) => message.method),
    );
    const refs = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, ref]) => ref ?? '');
    const missing = refs.filter((ref) => !(ref.replace('#/$defs/', '') in schema.$defs));
    assert.deepEqual(missing, []);
  });
});
