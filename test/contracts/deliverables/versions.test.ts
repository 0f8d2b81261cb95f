import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answer } from '../../../server/main/handlers.ts';
import { compareDeliverables, listDeliverableVersions } from '../../../server/protocol/deliverableVersion.ts';
import { approving, calls, type ModelStage, says, setModelStage, type Wish } from '../conversations/model.ts';

const save = (title: string, files: Record<string, string>): Wish => [
  'save_deliverable',
  {
    title,
    type: 'document',
    files: Object.entries(files).map(([name, content]) => ({ path: name, content })),
  },
];

describe('the versions of a deliverable', function () {
  this.timeout(60_000);
  let stage: ModelStage;
  let folder: string;
  before(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-export-')));
    stage = await setModelStage([
      calls(save('Report', { 'a.md': '# A\none', 'b.md': '# B', 'old/c.bin': '\0' })),
      calls(save('Other', { 'a.md': '# A' })),
      calls(save('Report', { 'a.md': '# A\ntwo', 'b.md': '# B', 'd.md': 'no title' })),
      says('Done.'),
    ]);
    await approving(stage, await stage.hand(stage.ability, 'Report'));
  });
  after(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  const ask = async (method: string, params: object): Promise<object> => {
    const outcome = await answer(stage.butler, method, params, 'person:test');
    return outcome.ok ? (outcome.value as object) : outcome.failure;
  };
  const newest = async (title: string) => {
    const all = await stage.butler.store.deliverables({ limit: 10 });
    return all.find((one) => one.title === title)?.id ?? '';
  };
  const versions = async (title: string) => {
    const listed = await ask('butler/deliverable/versions', { id: await newest(title) });
    return listDeliverableVersions.result.parse(listed).versions;
  };

  it('are those with its title and type, newest first, with what changed in each and what was found', async () => {
    const all = await versions('Report');
    assert.deepEqual(
      all.map(({ number, files, differs }) => [number, files, differs]),
      [
        [2, 3, { added: 1, changed: 1, removed: 1 }],
        [1, 3, null],
      ],
    );
    assert.deepEqual(all[0]?.findings, [{ file: 'd.md', what: 'It has no title.', severe: true }]);
    assert.equal((await versions('Other')).length, 1);
    assert.equal(Reflect.get(await ask('butler/deliverable/versions', { id: 'none' }), 'kind'), 'notFound');
  });

  it('are compared file by file, and a text with its texts', async () => {
    const id = await newest('Report');
    const whole = compareDeliverables.result.parse(
      await ask('butler/deliverable/compare', { id, path: 'a.md' }),
    );
    assert.deepEqual(
      whole.files.map(({ change, path: name }) => `${change} ${name}`),
      ['changed a.md', 'added d.md', 'removed old/c.bin'],
    );
    assert.deepEqual([whole.unchanged, whole.texts], [1, { before: '# A\none', after: '# A\ntwo' }]);
    const gone = await ask('butler/deliverable/compare', { id, path: 'old/c.bin' });
    assert.equal(compareDeliverables.result.parse(gone).texts, undefined);
    const [, first] = await versions('Report');
    const alone = compareDeliverables.result.parse(
      await ask('butler/deliverable/compare', { id: first?.deliverable, path: 'b.md' }),
    );
    assert.deepEqual([alone.before, alone.files.length, alone.texts?.before], [null, 3, null]);
    const other = await ask('butler/deliverable/compare', { id, before: await newest('Other') });
    assert.equal(compareDeliverables.result.parse(other).unchanged, 0);
  });

  it('are published again, the older one too, as a job that asks', async () => {
    const [, first] = await versions('Report');
    const { job } = (await ask('butler/deliverable/publish', { id: first?.deliverable })) as { job: string };
    const handed = await stage.butler.store.job(job);
    assert.ok(handed);
    const { preview } = await stage.butler.store.pendingApprovals(job).then(async (open) => {
      if (open[0]) return open[0];
      await stage.question(handed);
      const [now] = await stage.butler.store.pendingApprovals(job);
      assert.ok(now);
      return now;
    });
    assert.equal(preview?.kind, 'files');
    await approving(stage, handed);
    assert.equal(await stage.read('public/a.md'), '# A\none');
    const listed = (await ask('butler/publication/list', {})) as { publications: { job: string }[] };
    assert.equal(listed.publications[0]?.job, job);
  });

  it('are saved in a folder, never over what stands there unless that is said, and through no link', async () => {
    const id = await newest('Report');
    const to = path.join(folder, 'new/out');
    const saved = await ask('butler/deliverable/export', { id, folder: to });
    assert.deepEqual(saved, { folder: to, files: 3, bytes: 7 + 3 + 8 });
    assert.equal(await readFile(path.join(to, 'd.md'), 'utf8'), 'no title');
    await writeFile(path.join(to, 'a.md'), 'mine');
    await rm(path.join(to, 'd.md'));
    assert.equal(Reflect.get(await ask('butler/deliverable/export', { id, folder: to }), 'kind'), 'conflict');
    await assert.rejects(readFile(path.join(to, 'd.md')));
    assert.equal(await readFile(path.join(to, 'a.md'), 'utf8'), 'mine');
    await ask('butler/deliverable/export', { id, folder: to, replace: true, paths: ['a.md'] });
    assert.equal(await readFile(path.join(to, 'a.md'), 'utf8'), '# A\ntwo');

    const [, first] = await versions('Report');
    const hostile = path.join(folder, 'hostile');
    await mkdir(path.join(folder, 'elsewhere'));
    await mkdir(hostile);
    await symlink(path.join(folder, 'elsewhere'), path.join(hostile, 'old'));
    const linked = await ask('butler/deliverable/export', {
      id: first?.deliverable,
      folder: hostile,
      replace: true,
    });
    assert.ok('kind' in linked, JSON.stringify(linked));
    await assert.rejects(readFile(path.join(folder, 'elsewhere/c.bin')));
    await assert.rejects(readFile(path.join(hostile, 'a.md')), 'what was brought is taken away again');

    for (const wrong of ['relative', stage.butler.ownFolders[0] ?? '', path.join(to, 'a.md')]) {
      const refused = await ask('butler/deliverable/export', { id, folder: wrong });
      assert.ok('kind' in refused, wrong);
    }
    const missing = await ask('butler/deliverable/export', { id, folder: to, paths: ['none'] });
    assert.equal(Reflect.get(missing, 'kind'), 'notFound');
  });
});
