import { strict as assert } from 'node:assert';
import { fork } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EditorStorage, openSecrets } from './openSecrets.ts';
import { storeKey } from './storeKey.ts';

describe('secrets', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-secrets-'));
    file = path.join(folder, 'deep', 'secrets.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps a value in the file when nothing safer is there, and says so', async () => {
    const secrets = openSecrets({ file, keychain: path.join(folder, 'no-such.node') });
    assert.equal(await secrets.get('key'), null);
    const place = await secrets.set('key', 'value');
    assert.equal(place.name, 'file');
    assert.match(place.about, /not encrypted/);
    assert.equal(await openSecrets({ file }).get('key'), 'value');
    await secrets.remove('key');
    assert.equal(await secrets.get('key'), null);
  });

  it('keeps the file and its folder from others, and mends a file that others could read', async () => {
    const secrets = openSecrets({ file });
    await secrets.set('key', 'value');
    await isMode(file, 0o600);
    await isMode(path.dirname(file), 0o700);
    await chmod(file, 0o644);
    assert.equal(await secrets.get('key'), 'value');
    await isMode(file, 0o600);
  });

  it('keeps every value when many are set at once', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `key-${n}`);
    await Promise.all(names.map((name) => openSecrets({ file }).set(name, name)));
    assert.deepEqual(Object.keys(JSON.parse(await readFile(file, 'utf8'))).sort(), names);
  });

  it("prefers the editor's storage, and takes the copy in the file away", async () => {
    await openSecrets({ file }).set('key', 'old');
    const secrets = openSecrets({ file, editor: editorInMemory() });
    assert.equal(await secrets.get('key'), 'old');
    assert.equal((await secrets.set('key', 'new')).name, 'editor');
    assert.equal(await openSecrets({ file }).get('key'), null);
    assert.equal(await secrets.get('key'), 'new');
  });

  it('falls back to the file when the editor does not keep a value', async () => {
    const broken: EditorStorage = {
      get: () => Promise.reject(new Error('closed')),
      put: () => Promise.reject(new Error('closed')),
    };
    const secrets = openSecrets({ file, editor: broken });
    assert.equal((await secrets.set('key', 'value')).name, 'file');
    assert.equal(await secrets.get('key'), 'value');
  });
});

describe('the key of the store', () => {
  let folder: string;
  let file: string;
  let store: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-key-'));
    file = path.join(folder, 'secrets.json');
    store = path.join(folder, 'store.db');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is made once and never lies with the editor', async () => {
    const memory = editorInMemory();
    const first = await storeKey(openSecrets({ file, editor: memory }), store);
    const second = await storeKey(openSecrets({ file }), store);
    assert.ok(first.ok && first.value.length === 32);
    assert.deepEqual(second, first);
    assert.equal(await memory.get('store-key'), null);
  });

  it('is the same for processes that start at once', async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => keyInProcess(file, store)));
    assert.match(keys[0] ?? '', /^[0-9a-f]{64}$/);
    assert.equal(new Set(keys).size, 1);
  }).timeout(30_000);

  it('is not made anew for a store that exists', async () => {
    await writeFile(store, 'something');
    const outcome = await storeKey(openSecrets({ file }), store);
    assert.equal(outcome.ok ? 'made' : outcome.failure.kind, 'store');
  });
});

/** Windows has no modes: there the folder of the user is what keeps others out. */
async function isMode(file: string, mode: number): Promise<void> {
  if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, mode);
}

function editorInMemory(): EditorStorage {
  const kept = new Map<string, string>();
  return {
    get: async (name) => kept.get(name) ?? null,
    put: async (name, value) => {
      if (value === null) kept.delete(name);
      else kept.set(name, value);
    },
  };
}

function keyInProcess(file: string, store: string): Promise<string> {
  const child = fork(path.join(import.meta.dirname, 'storeKeyProcess.ts'), [file, store]);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('error', reject);
    child.once('exit', (code) => code && reject(new Error(`exit ${code}`)));
  });
}
