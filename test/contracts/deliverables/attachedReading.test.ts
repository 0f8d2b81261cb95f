import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createJob } from '../../../server/core/jobs.ts';
import { answer } from '../../../server/main/handlers.ts';
import { AttachedFile } from '../../../server/protocol/attachment.ts';
import { longestPiece } from '../../../server/protocol/deliverable.ts';
import { approving, type ModelStage, says, setModelStage } from '../conversations/model.ts';

describe('the files that were handed over with a job', () => {
  let stage: ModelStage;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-attached-'));
    stage = await setModelStage([says('Done.')]);
  });
  after(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  it('are listed and read piece by piece, and neither once the chat was deleted', async () => {
    const ask = async (method: string, params: object) => {
      const outcome = await answer(stage.butler, method, params, 'person:test');
      return outcome.ok ? (outcome.value as { files?: AttachedFile[]; content?: string }) : outcome.failure;
    };
    const kindOf = (told: object) => 'kind' in told && told.kind;
    const file = path.join(folder, 'tides é.bin');
    const bytes = Buffer.alloc(longestPiece + 3, 'tide');
    await writeFile(file, bytes);
    const attached = AttachedFile.parse(await ask('butler/attachment/add', { path: file }));
    const { ability, workspace } = stage;
    const order = { ability, workspace, text: 'Look', kind: 'task', files: [attached] } as const;
    const created = await createJob(stage.butler, order, 'person:test');
    assert.ok(created.ok);
    const { id: job, session } = created.value;
    const listed = await ask('butler/attachment/list', { job });
    assert.deepEqual('files' in listed && listed.files, [attached]);
    const pieces = [];
    for (const from of [0, longestPiece]) {
      const read = await ask('butler/attachment/read', { job, name: 'tides é.bin', from });
      pieces.push(Buffer.from('content' in read ? (read.content ?? '') : '', 'base64'));
    }
    assert.deepEqual(Buffer.concat(pieces), bytes);
    const other = await ask('butler/attachment/read', { job, name: 'other.bin', from: 0 });
    assert.equal(kindOf(other), 'notFound');
    assert.equal(kindOf(await ask('butler/attachment/list', { job: 'nobody' })), 'notFound');
    await approving(stage, created.value);
    await ask('butler/session/delete', { id: session });
    const gone = await ask('butler/attachment/read', { job, name: 'tides é.bin', from: 0 });
    assert.equal(kindOf(gone), 'notFound');
  });
});
