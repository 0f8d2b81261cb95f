import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Draft } from '../../../server/core/ports/store.ts';
import { answer } from '../../../server/main/handlers.ts';
import { compareDeliverables, listDeliverableVersions } from '../../../server/protocol/deliverableVersion.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
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
    const { published, job: maker } = (await versions('Report'))[1] ?? {};
    assert.notEqual(maker, job);
    const undone = await ask('butler/job/undo', { id: maker, execution: published?.execution });
    assert.deepEqual(Reflect.get(undone, 'conflicts'), [], 'from where it was made, whoever published it');
    await assert.rejects(stage.read('public/a.md'));
    assert.equal((await versions('Report'))[1]?.published, null);
    const none = await ask('butler/job/undo', { id: maker, execution: 'none' });
    assert.equal(Reflect.get(none, 'kind'), 'notFound');
  });

  it('are saved in a folder, never over what stands there unless that is said, and through no link', async () => {
    const id = await newest('Report');
    const to = path.join(folder, 'new/out');
    const saved = await ask('butler/deliverable/export', { id, folder: to });
    assert.deepEqual(saved, { folder: to, files: 3, bytes: 7 + 3 + 8 });
    assert.equal(await readFile(path.join(to, 'd.md'), 'utf8'), 'no title');
    await writeFile(path.join(to, 'a.md'), 'mine');
    await rm(path.join(to, 'd.md'));
    const standing = await ask('butler/deliverable/export', { id, folder: to });
    assert.deepEqual(
      [Reflect.get(standing, 'kind'), Reflect.get(standing, 'field')],
      ['conflict', 'replace'],
    );
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

  it('give one file under another name, and none into a folder of ours by whatever name', async () => {
    const id = await newest('Report');
    const save = (more: object) => ask('butler/deliverable/export', { id, folder, paths: ['a.md'], ...more });
    assert.ok('files' in (await save({ name: 'other.md' })));
    assert.equal(await readFile(path.join(folder, 'other.md'), 'utf8'), '# A\ntwo');
    for (const wrong of [{ name: 'x/y.md' }, { name: '..' }, { name: 'n.md', paths: ['a.md', 'b.md'] }]) {
      assert.ok('kind' in (await save(wrong)), JSON.stringify(wrong));
    }
    const [own = ''] = stage.butler.ownFolders;
    await symlink(own, path.join(folder, 'to'));
    const [above, last] = [path.dirname(own), path.basename(own)];
    for (const wrong of [{ folder: above, name: last }, { folder: path.join(folder, 'to/new') }]) {
      assert.equal(
        Reflect.get(await save({ ...wrong, replace: true }), 'kind'),
        'invalid',
        JSON.stringify(wrong),
      );
    }
    await assert.rejects(readdir(path.join(own, 'new')));
  });

  it('stop being saved when the person calls it off, and take away what was brought', async () => {
    const to = path.join(folder, 'off');
    const request = { id: await newest('Report'), folder: to };
    const outcome = await answer(
      stage.butler,
      'butler/deliverable/export',
      request,
      'person',
      AbortSignal.abort(),
    );
    assert.equal(!outcome.ok && outcome.failure.kind, 'cancelled');
    assert.deepEqual(await readdir(to), []);
  });

  it('say of a file whose content was deleted that it was, and of one that neither has that there is none', async () => {
    const id = await newest('Report');
    const digest =
      (await stage.butler.store.deliverable(id))?.files.find((one) => one.path === 'd.md')?.digest ?? '';
    const gone: Draft = {
      stream: adminStream,
      type: 'content.deleted',
      actor: 'person',
      data: { digests: [digest] },
    };
    assert.ok((await stage.butler.store.append([gone])).ok);
    for (const [method, more] of [
      ['compare', { path: 'd.md' }],
      ['file', { path: 'd.md' }],
      ['file', { path: 'd.md', from: 0 }],
      ['export', { folder: path.join(folder, 'gone') }],
    ] as const) {
      const told = await ask(`butler/deliverable/${method}`, { id, ...more });
      assert.match(String(Reflect.get(told, 'what')), /content of "d\.md" was deleted/, method);
    }
    const none = await ask('butler/deliverable/compare', { id, path: 'typo' });
    assert.equal(Reflect.get(none, 'kind'), 'notFound');
  });
});
