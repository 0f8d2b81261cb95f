import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keychain } from './keychain.ts';
import { openSecrets } from './openSecrets.ts';
import { storeKey } from './storeKey.ts';

/** A native part that answers from memory, with the interface of the real one. */
const answering = `
  const kept = new Map();
  exports.AsyncEntry = class {
    constructor(service, name, options) {
      if (options.linux.store !== 'secret-service') throw new Error('forgetful');
      this.key = service + '/' + name;
    }
    async setPassword(value) { kept.set(this.key, value); }
    async getPassword() { return kept.get(this.key) ?? null; }
    async deleteCredential() { return kept.delete(this.key); }
  };
  exports.names = () => [...kept.keys()];
`;
/** One that never answers, as a keychain that waits for a password nobody types. */
const silent = `exports.AsyncEntry = class { setPassword() { return new Promise(() => {}); } };`;

describe('the keychain', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-keychain-'));
    file = path.join(folder, 'secrets.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const native = async (code: string) => {
    const module = path.join(folder, 'keyring.cjs');
    await writeFile(module, code);
    return module;
  };

  it('counts as absent when there is none, when it throws and when it stays silent', async () => {
    assert.equal(await keychain(path.join(folder, 'none.node')).works(), false);
    assert.equal(await keychain(await native('exports.AsyncEntry = class {};')).works(), false);
    const module = path.join(folder, 'silent.cjs');
    await writeFile(module, silent);
    const mute = keychain(module, 20);
    assert.equal(await mute.works(), false);
    assert.equal(await mute.get('key'), null);
  });

  it('is the first place for secrets and for the key of the store, and keeps no probe', async () => {
    const places = {
      file,
      keychain: await native(answering),
      editor: { get: async () => null, put: async () => {} },
    };
    const secrets = openSecrets(places);
    assert.equal((await secrets.set('key', 'value')).name, 'keychain');
    const key = await storeKey(secrets, path.join(folder, 'store.db'));
    assert.deepEqual(await storeKey(openSecrets(places), path.join(folder, 'store.db')), key);
    assert.equal(await openSecrets({ file }).get('store-key'), null);
    const { names } = createRequire(import.meta.url)(places.keychain) as { names(): string[] };
    assert.deepEqual(names().sort(), ['virtual-butler/key', 'virtual-butler/store-key']);
    await secrets.remove('key');
    assert.equal(await secrets.get('key'), null);
  });
});
