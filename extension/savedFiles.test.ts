import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Deliverable, DeliverableFile } from '../server/protocol/deliverable.ts';
import { differences, versionsOf } from './deliverableVersions.ts';
import { copiesInto, writeWhole } from './savedFiles.ts';

const file = (name: string, digest = 'a'): DeliverableFile => ({
  ...{ path: name, digest: digest.repeat(64), size: 1, mime: 'text/plain' },
});
const version = (id: string, title: string, files: DeliverableFile[]): Deliverable => ({
  ...{ id, title, files, job: 'j1', session: 's1', ability: 'a', type: 'document' },
  ...{ metadata: {}, created: 1, published: null },
});

describe('files of a deliverable that are saved', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-save-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function* pieces(...all: (string | Error)[]) {
    for (const one of all) {
      if (one instanceof Error) throw one;
      yield Buffer.from(one);
    }
  }

  it('are there whole or not at all', async () => {
    const to = path.join(folder, 'deep/page.html');
    const { signal } = new AbortController();
    await writeWhole(pieces('one ', 'two'), to, signal);
    assert.equal(await readFile(to, 'utf8'), 'one two');
    await assert.rejects(writeWhole(pieces('half', new Error('gone')), to, signal));
    assert.equal(await readFile(to, 'utf8'), 'one two');
    assert.deepEqual(await readdir(path.dirname(to)), ['page.html']);
  });

  it('stop when the person stops them, and leave nothing half', async () => {
    const stopping = new AbortController();
    stopping.abort();
    await assert.rejects(writeWhole(pieces('x'), path.join(folder, 'page.html'), stopping.signal));
    assert.deepEqual(await readdir(folder), []);
  });

  it('never leave the folder that was chosen', async () => {
    await writeFile(path.join(folder, 'x'), '');
    assert.equal(copiesInto(folder, [file('a.txt'), file('../evil.txt')]), null);
    assert.equal(copiesInto(folder, [file('..')]), null);
    assert.deepEqual(
      copiesInto(folder, [file('a/b.txt')])?.map(({ to }) => to),
      [path.join(folder, 'a', 'b.txt')],
    );
  });
});

describe('versions of a deliverable', () => {
  it('are those of its title and type, and differ in what was added, removed and changed', () => {
    const older = version('d1', 'Notes', [file('same'), file('gone'), file('new', 'b')]);
    const newer = version('d2', 'Notes', [file('same'), file('new', 'c'), file('more')]);
    const other = version('d3', 'Letters', []);
    assert.deepEqual(versionsOf(newer, [newer, older, other]), [older]);
    assert.deepEqual(differences(older, newer), [
      { path: 'gone', change: 'removed' },
      { path: 'more', change: 'added' },
      { path: 'new', change: 'changed' },
    ]);
  });
});
