import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { targetFault } from '../../core/abilities.ts';
import { AbilityDraft } from '../../protocol/ability.ts';
import { targets } from '../targets/index.ts';
import { openAbilityFiles, parseAbilities } from './abilityFiles.ts';

const fits = () => null;
const draft = (name: string) => AbilityDraft.parse({ name });

describe('the Abilities file of a workspace', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-abilities-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('names the line of a fault and keeps the good entries', () => {
    const text =
      '{\n  "abilities": [\n    { "id": "a", "name": "A" },\n    { "id": "b",\n      "name": "" }\n  ]\n}\n';
    const { abilities, problems } = parseAbilities(text, { file: 'f', folder, time: 0 }, fits);
    assert.deepEqual(
      abilities.map((one) => one.id),
      ['a'],
    );
    assert.deepEqual(
      problems.map((one) => one.line),
      [5],
    );
    assert.match(problems[0]?.message ?? '', /abilities\.1\.name: must not be empty/);
  });

  it('names the line of broken JSON', () => {
    const { problems } = parseAbilities('{\n  "abilities": [\n', { file: 'f', folder, time: 0 }, fits);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.line, 3);
  });

  it('says in words what is no JSON', () => {
    const messages = ['{ "abilities": [ {} {} ] }', '  \n'].map(
      (text) => parseAbilities(text, { file: 'f', folder, time: 0 }, fits).problems[0]?.message,
    );
    assert.deepEqual(messages, ['This is no JSON: comma expected.', 'The file is empty.']);
  });

  it('reads and keeps a byte order mark', async () => {
    const file = path.join(folder, '.butler', 'abilities.json');
    await mkdir(path.dirname(file));
    await writeFile(file, '\uFEFF{ "abilities": [ { "id": "a", "name": "A" } ] }\n');
    const files = openAbilityFiles([folder], fits);
    try {
      assert.ok((await files.save(folder, 'b', draft('B'))).ok);
      const { abilities, problems } = await files.read();
      assert.deepEqual([abilities.map(({ id }) => id), problems], [['a', 'b'], []]);
      assert.match(await readFile(file, 'utf8'), /^\uFEFF\{/);
    } finally {
      await files.close();
    }
  });

  it('names the second of two entries with one id', () => {
    const text = '{"abilities":[{"id":"a","name":"A"},\n{"id":"a","name":"B"}]}';
    const { abilities, problems } = parseAbilities(text, { file: 'f', folder, time: 0 }, fits);
    assert.equal(abilities.length, 1);
    assert.equal(problems[0]?.line, 2);
  });

  it('leaves out an entry that does not fit its target, and names the line of the field', () => {
    const text = `{ "abilities": [
      { "id": "a", "name": "A", "target": { "type": "s3", "config": {
        "region": "eu",
        "buckt": "mine"
      } } },
      { "id": "b", "name": "B", "target": { "type": "pigeon", "config": {} } },
      { "id": "c", "name": "C", "target": { "type": "local", "config": { "folder": "public" } } }
    ] }`;
    const place = { file: 'f', folder, time: 0 };
    const { abilities, problems } = parseAbilities(text, place, (one) => targetFault(targets, one));
    assert.deepEqual(
      abilities.map((one) => one.id),
      ['c'],
    );
    assert.deepEqual(
      problems.map((one) => one.line),
      [2, 6],
    );
    assert.match(problems[0]?.message ?? '', /^abilities\.0\.target\.config\.bucket: /);
    assert.match(problems[1]?.message ?? '', /there is no "pigeon"\. Choose one of: .*webdav/);
  });

  it('saves, changes and removes one entry and keeps comments and the other entries as they are', async () => {
    const file = path.join(folder, '.butler', 'abilities.json');
    await mkdir(path.dirname(file));
    await writeFile(file, '{\n  // ours\n  "abilities": [\n    { "id": "a", "name": "A" }\n  ]\n}\n');
    const files = openAbilityFiles([folder], fits);
    try {
      assert.ok((await files.save(folder, 'b', draft('B'))).ok);
      assert.ok((await files.save(folder, 'b', draft('B2'))).ok);
      const names = (await files.read()).abilities.map((one) => one.name);
      assert.deepEqual(names, ['A', 'B2']);
      assert.ok((await files.remove(folder, 'b')).ok);
      const text = await readFile(file, 'utf8');
      assert.match(text, /\/\/ ours/);
      assert.doesNotMatch(text, /B2/);
    } finally {
      await files.close();
    }
  });

  it('refuses to write into a file with a fault, and leaves it byte for byte', async () => {
    const file = path.join(folder, '.butler', 'abilities.json');
    await mkdir(path.dirname(file));
    await writeFile(file, '{ "abilities": [ }');
    const files = openAbilityFiles([folder], fits);
    try {
      const saved = await files.save(folder, 'b', draft('B'));
      assert.ok(!saved.ok);
      assert.match(saved.failure.field ?? '', /abilities\.json:1$/);
      assert.equal(await readFile(file, 'utf8'), '{ "abilities": [ }');
    } finally {
      await files.close();
    }
  });

  it('refuses a .butler folder that leads out of the workspace', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'butler-outside-'));
    await writeFile(path.join(outside, 'abilities.json'), '{"abilities":[{"id":"x","name":"X"}]}');
    await symlink(outside, path.join(folder, '.butler'));
    const files = openAbilityFiles([folder], fits);
    try {
      assert.equal((await files.read()).abilities.length, 0);
      assert.ok(!(await files.save(folder, 'b', draft('B'))).ok);
    } finally {
      await files.close();
      await rm(outside, { recursive: true });
    }
  });

  it('tells when someone else changes the file', async () => {
    await mkdir(path.join(folder, '.butler'));
    const files = openAbilityFiles([folder], fits);
    try {
      const changed = new Promise<void>((resolve) => files.onChange(resolve));
      assert.equal((await files.read()).abilities.length, 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await writeFile(
        path.join(folder, '.butler', 'abilities.json'),
        '{"abilities":[{"id":"x","name":"X"}]}',
      );
      await changed;
      assert.equal((await files.read()).abilities[0]?.id, 'x');
    } finally {
      await files.close();
    }
  });
});
