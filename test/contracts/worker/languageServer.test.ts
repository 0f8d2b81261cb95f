import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { listAbilities } from '../../../server/protocol/ability.ts';
import { decideApproval, listApprovals } from '../../../server/protocol/approval.ts';
import type { Failure } from '../../../server/protocol/failure.ts';
import { createJob, readJob } from '../../../server/protocol/job.ts';
import { journalAppended, readJournal } from '../../../server/protocol/journal.ts';
import { gone, isGone } from '../../support/gone.ts';
import { type LspClient, startClient } from '../../support/lspClient.ts';
import { type Stage, setStage, until } from '../../support/stage.ts';
import { atHome } from '../../support/terminal.ts';

interface CodeAction {
  title: string;
  command: { command: string; arguments: unknown[] };
}

describe('the worker as a language server', () => {
  let stage: Stage;
  let client: LspClient;
  const start = async (rest: Partial<Parameters<typeof startClient>[0]> = {}) => {
    client = await startClient({ home: stage.home, workspace: stage.workspace, ...rest });
    return client;
  };
  beforeEach(async () => {
    stage = await setStage({ serve: false });
  });
  afterEach(async () => {
    if (client.process.exitCode === null && client.process.signalCode === null) await client.close();
    await stage.close();
  });

  it('runs the main job for a client that answers the approval, and tells every entry', async () => {
    await start();
    const seen: string[] = [];
    client.connection.onNotification(journalAppended.method, (news: { entries: { type: string }[] }) => {
      seen.push(...news.entries.map(({ type }) => type));
    });
    const job = await client.send(createJob, {
      ability: 'site-from-readme',
      text: 'Publish the docs as a site',
    });
    await until(stage.butler, async () => (await stage.butler.store.pendingApprovals(job.id))[0] ?? null);
    const { approvals } = await client.send(listApprovals, { job: job.id });
    const { id, digest } = approvals[0]?.approval ?? assert.fail('no approval');
    await client.send(decideApproval, { id, digest, decision: 'approve' });
    assert.ok(seen.includes('approval.decided'), 'what an answer is about is told before it');
    await stage.end(job);
    assert.equal((await client.send(readJob, { id: job.id })).state, 'completed');
    const { entries } = await client.send(readJournal, { filter: { job: job.id }, after: 0 });
    assert.ok(entries.some((entry) => entry.type === 'deliverable.published'));
    await until(stage.butler, async () => (seen.includes('job.completed') ? true : null));
  });

  it('asks a client that shows no approvals by window/showMessageRequest, and shows work-done progress', async () => {
    await start({
      initialization: { approvals: false },
      capabilities: { window: { workDoneProgress: true } },
    });
    const asked: string[] = [];
    const progress: string[] = [];
    client.connection.onRequest('window/showMessageRequest', ({ message, actions }) => {
      asked.push(message);
      return actions[0];
    });
    client.connection.onRequest('window/workDoneProgress/create', () => null);
    client.connection.onNotification('$/progress', ({ value }) => void progress.push(value.kind));
    const job = await client.send(createJob, {
      ability: 'site-from-readme',
      text: 'Publish the docs as a site',
    });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.match(asked[0] ?? '', /^Publish \d+ files to .*public/);
    assert.ok(progress.includes('begin'));
  });

  it('offers four code actions on any file, and each becomes a job', async () => {
    await start();
    const uri = pathToFileURL(path.join(stage.workspace, 'README.md')).href;
    const shown = new Promise<{ session: string }>((resolve) => {
      client.connection.onNotification('butler/session/show', resolve);
    });
    await client.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'markdown', version: 1, text: '# A\n\nB\n' },
    });
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } };
    const actions: CodeAction[] = await client.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: [] },
    });
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Butler: Explain', 'Butler: Review', 'Butler: Fix', 'Butler: Write tests'],
    );
    const made: { job: string; session: string } = await client.connection.sendRequest(
      'workspace/executeCommand',
      actions[0]?.command,
    );
    assert.equal((await shown).session, made.session);
    const { title } = await client.send(readJob, { id: made.job });
    assert.match(title, /Explain what this does/);
  });

  it('answers what is malformed with an error that names the field, and lives on', async () => {
    await start();
    const ask = (method: string, params: unknown) =>
      client.connection.sendRequest(method, params).then(
        () => assert.fail(`${method} was accepted`),
        (error: { code: number; message: string; data?: Failure }) => error,
      );
    assert.equal((await ask('butler/job/create', { ability: 'butler', text: '  ' })).data?.field, 'text');
    assert.equal((await ask('butler/job/create', { ability: 'butler', text: 7 })).code, -32602);
    assert.equal((await ask('butler/job/read', { id: 'no such job' })).data?.field, 'id');
    assert.equal((await ask('butler/nothing', {})).data?.field, 'method');
    assert.equal((await ask('textDocument/codeAction', { textDocument: 1 })).code, -32602);
    client.process.stdin?.write('Content-Length: 9\r\n\r\n{"jsonrpc');
    client.process.stdin?.write('Content-Length: 2\r\n\r\n[]');
    await client.connection.sendNotification('textDocument/didOpen', { textDocument: null });
    await client.connection.sendNotification('textDocument/didChange', 'x' as never);
    assert.ok((await client.send(listAbilities, {})).abilities.length > 0);
  });

  it('does nothing in a workspace that is not trusted', async () => {
    await start({ initialization: { trusted: false } });
    await assert.rejects(client.send(listAbilities, {}), /not trusted/);
  });

  for (const transport of ['--stdio', '--node-ipc']) {
    it(`leaves no orphan when its client is killed (${transport})`, async () => {
      await start();
      const script = `
        const stdio = ['pipe', 'pipe', 'ignore', ...(process.argv[2] === '--node-ipc' ? ['ipc'] : [])];
        const worker = require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio });
        console.log(worker.pid);
        setTimeout(() => {}, 60_000);`;
      const parent = spawn(process.execPath, ['-e', script, workerFile, transport], {
        env: atHome(stage),
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
      const worker = Number(printed.toString());
      assert.ok(!isGone(worker));
      parent.kill('SIGKILL');
      await gone(worker);
    });
  }
});

const workerFile = path.join(import.meta.dirname, '../../../dist/worker.mjs');
