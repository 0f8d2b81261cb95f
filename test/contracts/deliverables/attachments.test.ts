import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openAttaching } from '../../../server/adapters/deliverables/attaching.ts';
import { createJob } from '../../../server/core/jobs.ts';
import type { Blobs } from '../../../server/core/ports/store.ts';
import { answer } from '../../../server/main/handlers.ts';
import { AttachedFile } from '../../../server/protocol/attachment.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { approving, calls, type ModelStage, says, setModelStage } from '../conversations/model.ts';

describe('files that are attached to a job', function () {
  this.timeout(60_000);
  let stage: ModelStage;
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-attached-')));
  });
  afterEach(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  const ask = async (method: string, params: object) => {
    const outcome = await answer(stage.butler, method, params, 'person:test');
    return outcome.ok ? (outcome.value as { arrival: string; file: AttachedFile | null }) : outcome.failure;
  };
  const attach = async (name: string, content: string | Uint8Array) => {
    await writeFile(path.join(folder, name), content);
    return AttachedFile.parse(await ask('butler/attachment/add', { path: path.join(folder, name) }));
  };
  const hand = async (text: string, files: AttachedFile[]): Promise<Job> => {
    const { ability, workspace } = stage;
    const created = await createJob(
      stage.butler,
      { ability, workspace, text, kind: 'task', files },
      'person:test',
    );
    assert.ok(created.ok, JSON.stringify(created));
    return created.value;
  };

  it('are named to the agent, read by it, and saved as part of what it delivers', async () => {
    stage = await setModelStage([
      calls(['read_file', { path: 'attachment:sums é.csv' }], ['read_file', { path: 'attachment:none' }]),
      calls([
        'save_deliverable',
        { title: 'T', files: [{ path: 'sums.csv', from: 'attachment:sums é.csv' }] },
      ]),
      says('Done.'),
    ]);
    const file = await attach('sums é.csv', 'a,b\n1,2\n');
    assert.deepEqual([file.name, file.size, file.mime], ['sums é.csv', 8, 'text/csv; charset=utf-8']);
    const job = await hand('Sum it up', [file]);
    await approving(stage, job);
    const [first, second] = stage.requests.map(({ messages }) => JSON.stringify(messages));
    assert.match(first ?? '', /Sum it up.*attachment:sums é\.csv.*8 bytes/);
    assert.match(second ?? '', /lines 1 to 2 of 2/);
    assert.match(second ?? '', /no file .*none.* was attached/);
    const [made] = await stage.butler.store.deliverables({ job: job.id, limit: 1 });
    const whole = await stage.butler.store.deliverable(made?.id ?? '');
    assert.deepEqual(whole?.files[0]?.digest, file.digest);
  });

  it('come in parts too, and a part of nothing is refused', async () => {
    stage = await setModelStage([says('Done.')]);
    const send = (part: object) => ask('butler/attachment/addPart', { name: 'a.txt', ...part });
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const first = await send({ data: base64('one, '), last: false });
    assert.ok('arrival' in first);
    const { arrival } = first;
    await send({ arrival, data: base64('two, '), last: false });
    const end = await send({ arrival, data: base64('three'), last: true });
    assert.ok('file' in end && end.file);
    const kept = await stage.butler.store.blobs.get(end.file.digest);
    assert.equal(Buffer.from(kept ?? []).toString(), 'one, two, three');
    const late = await send({ arrival, data: base64('four'), last: true });
    assert.equal('kind' in late && late.kind, 'notFound');
    for (let count = 0; count < 20; count++) await send({ data: '', last: false });
    const many = await send({ data: '', last: false });
    assert.equal('kind' in many && many.kind, 'limited');
  });

  it('end with the part that cannot be kept, and say that it was not the file', async () => {
    stage = await setModelStage([says('Done.')]);
    const full: Blobs = {
      ...stage.butler.store.blobs,
      putAll: async (pieces) => {
        for await (const _ of pieces) throw new Error('The disk is full.');
        return { digest: '', size: 0 };
      },
    };
    const attaching = openAttaching(full);
    const part = { name: 'a.bin', bytes: Buffer.alloc(100_000), last: false };
    for (let count = 0; count < 30; count++) {
      const begun = await attaching.addPart(part);
      assert.ok(begun.ok, 'nothing is left of those that ended');
      const { arrival } = begun.value;
      const kinds = [];
      for (let more = 0; more < 2; more++) {
        const next = await attaching.addPart({ ...part, arrival });
        kinds.push(next.ok || next.failure.kind);
      }
      assert.deepEqual(kinds, ['store', 'notFound']);
    }
    await writeFile(path.join(folder, 'a.txt'), 'a');
    const whole = await attaching.addFile(path.join(folder, 'a.txt'));
    assert.equal(!whole.ok && whole.failure.kind, 'store');
  });

  it('are refused where they are no files, are named alike, or were never kept', async () => {
    stage = await setModelStage([says('Done.')]);
    const pipe = path.join(folder, 'pipe');
    if (process.platform !== 'win32') spawnSync('mkfifo', [pipe]);
    for (const wrong of [folder, path.join(folder, 'none'), pipe, 'README.md']) {
      const refused = await ask('butler/attachment/add', { path: wrong });
      assert.equal('kind' in refused && refused.kind, 'invalid');
    }
    assert.equal((await attach('empty.txt', '')).size, 0);
    const file = await attach('a.txt', 'a');
    const { ability, workspace } = stage;
    for (const files of [[file, file], [{ ...file, digest: '0'.repeat(64) }]]) {
      const request = { ability, workspace, text: 'x', kind: 'task', files } as const;
      const refused = await createJob(stage.butler, request, 'person:test');
      assert.equal(!refused.ok && refused.failure.kind, 'invalid');
    }
    for (const name of ['../a', 'a/b', '..', 'a\u202eb', 'a:b', '']) {
      assert.equal(AttachedFile.safeParse({ ...file, name }).success, false, name);
    }
  });

  it('stay with words that are said anew, unless others are given', async () => {
    stage = await setModelStage([says('Done.'), says('Done.'), says('Done.')]);
    const job = await hand('One', [await attach('a.txt', 'a')]);
    await approving(stage, job);
    const { session } = job;
    const anew = async (replaces: string, more: object) => {
      const request = { session, text: 'Again', kind: 'task', replaces, ...more } as const;
      const created = await createJob(stage.butler, request, 'person:test');
      assert.ok(created.ok);
      await approving(stage, created.value);
      return created.value.id;
    };
    const second = await anew(job.id, {});
    await anew(second, { files: [] });
    const told = stage.requests.map(({ messages }) => JSON.stringify(messages).includes('attachment:a.txt'));
    assert.deepEqual(told, [true, true, false]);
  });

  it('go with the session that they were attached in, unless another has them too', async () => {
    stage = await setModelStage([says('Done.'), says('Done.'), says('Done.')]);
    const [own, shared] = [await attach('own.txt', 'own'), await attach('shared.txt', 'shared')];
    const job = await hand('One', [own, shared]);
    await approving(stage, job);
    const other = await hand('Two', [shared]);
    await approving(stage, other);
    await ask('butler/session/delete', { id: job.session });
    assert.equal(await stage.butler.store.blobs.get(own.digest), null);
    assert.notEqual(await stage.butler.store.blobs.get(shared.digest), null);
  });
});
