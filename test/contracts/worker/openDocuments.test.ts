import assert from 'node:assert/strict';
import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AbilityDraft, createAbility } from '../../../server/protocol/ability.ts';
import { decideApproval, listApprovals } from '../../../server/protocol/approval.ts';
import { createJob, undoJob } from '../../../server/protocol/job.ts';
import { setSecret } from '../../../server/protocol/provider.ts';
import { type LspClient, startClient } from '../../support/lspClient.ts';
import { type Stage, setStage, until } from '../../support/stage.ts';
import { calls, does, says } from '../conversations/model.ts';
import { type Reply, startWire } from '../providers/wire.ts';

interface AppliedEdit {
  label: string;
  edit: {
    documentChanges: { textDocument: { uri: string; version: number }; edits: Edit[] }[];
    changeAnnotations?: Record<string, { label: string }>;
  };
}
interface Edit {
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
  newText: string;
  annotationId?: string;
}

describe('an edit of a document that is open in the editor', () => {
  let stage: Stage;
  let client: LspClient;
  let wire: Awaited<ReturnType<typeof startWire>>;
  afterEach(async () => {
    await client.close();
    await wire.close();
    await stage.close();
  });

  /** Opens README.md unsaved, lets a model change a word of it, and answers what the editor was asked. */
  async function editedIn(workspace: string): Promise<AppliedEdit> {
    const uri = pathToFileURL(path.join(workspace, 'README.md')).href;
    const text = '# Title\n\nNot saved yet.\n';
    let version = 3;
    const asked = (body: string) => /version (?:is now )?([0-9a-f]{64})/.exec(body)?.[1] ?? '';
    const script = [
      calls(['read_file', { path: 'README.md' }]),
      does(() => [
        [
          'edit_file',
          { path: 'README.md', version: asked(wire.bodies.at(-1) ?? ''), old: 'Not saved', new: 'Saved' },
        ],
      ]),
      says('Done.'),
    ].map(
      (line): Reply =>
        (response, request) =>
          line({ messages: [], version: () => '', deliverable: () => '' })(response, request),
    );
    const [first, ...rest] = script;
    wire = await startWire(first ?? assert.fail(), ...rest);
    client = await startClient({
      home: stage.home,
      workspace,
      initialization: { anthropicBaseUrl: wire.url },
      capabilities: { workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } } },
    });
    await client.send(setSecret, { provider: 'anthropic', value: 'k'.repeat(24) });
    const draft = AbilityDraft.parse({ name: 'Writer', provider: 'anthropic' });
    const ability = await client.send(createAbility, { draft });
    await client.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'markdown', version, text },
    });
    const applied = new Promise<AppliedEdit>((resolve) => {
      client.connection.onRequest('workspace/applyEdit', (edit: AppliedEdit) => {
        const [change] = edit.edit.documentChanges;
        version += 1;
        void client.connection.sendNotification('textDocument/didChange', {
          textDocument: { uri, version },
          contentChanges: change?.edits,
        });
        resolve(edit);
        return { applied: true };
      });
    });
    const job = await client.send(createJob, { ability: ability.id, text: 'Mend the title' });
    await until(stage.butler, async () => (await stage.butler.store.pendingApprovals(job.id))[0] ?? null);
    const [open] = (await client.send(listApprovals, { job: job.id })).approvals;
    assert.equal(open?.preview?.kind === 'diff' && open.preview.before, text);
    const { id, digest } = open?.approval ?? assert.fail('no approval');
    await client.send(decideApproval, { id, digest, decision: 'approve' });
    assert.equal((await stage.end(job)).state, 'completed');
    const edit = await applied;
    const report = await client.send(undoJob, { id: job.id });
    assert.deepEqual(report.conflicts, []);
    return edit;
  }

  it('goes through workspace/applyEdit with a change annotation, as the smallest range, and can be undone', async () => {
    stage = await setStage({ serve: false });
    const disk = await readFile(path.join(stage.workspace, 'README.md'), 'utf8');
    const { edit, label } = await editedIn(stage.workspace);
    const [change] = edit.documentChanges;
    assert.equal(change?.textDocument.version, 3);
    assert.deepEqual(change?.edits[0]?.range.start, { line: 2, character: 0 });
    assert.equal(change?.edits[0]?.newText, 'S');
    assert.equal(edit.changeAnnotations?.[change?.edits[0]?.annotationId ?? '']?.label, label);
    assert.equal(await readFile(path.join(stage.workspace, 'README.md'), 'utf8'), disk);
  });

  it('finds the document also where the folder was opened through a link', async () => {
    stage = await setStage({ serve: false });
    const link = path.join(stage.home, '..', 'linked');
    await symlink(stage.workspace, link);
    const { edit } = await editedIn(link);
    assert.match(edit.documentChanges[0]?.textDocument.uri ?? '', /linked\/README\.md$/);
  });
});
