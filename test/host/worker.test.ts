import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CodeAction, commands, Range, Uri, window, workspace } from 'vscode';
import { defaultAbility, readClientOptions } from '../../extension/settings.ts';
import { Worker } from '../../extension/worker.ts';
import { listAbilities } from '../../server/protocol/ability.ts';
import { doctor } from '../../server/protocol/editor.ts';
import { listJobs } from '../../server/protocol/job.ts';
import { activeParts, folder, until, valueIn } from './parts.ts';

describe('the worker', () => {
  it('is not started in a workspace that nobody trusts', async () => {
    const { log, context } = await activeParts();
    const used: string[] = [];
    const worker = new Worker({
      module: Uri.joinPath(context.extensionUri, 'dist/worker.mjs').fsPath,
      log,
      secrets: context.secrets,
      trusted: () => false,
      options: () => readClientOptions(log),
      firstUse: () => used.push('used'),
    });
    const answered = await worker.send(listAbilities, {});
    assert.ok(!answered.ok && answered.failure.kind === 'denied');
    assert.deepEqual([worker.state, worker.started, worker.usable, used], ['untrusted', false, false, []]);
    await worker.dispose();
  });

  it('is started again when it dies, and goes on to answer', async () => {
    const { worker } = await activeParts();
    const client = valueIn(await worker.start());
    const pid = client.serverProcess?.pid;
    assert.ok(pid);
    const seen: string[] = [];
    const back = until(worker.onState, () => {
      seen.push(worker.state);
      return seen.includes('starting') && worker.state === 'ready';
    });
    process.kill(pid, 'SIGKILL');
    await back;
    assert.ok(valueIn(await worker.send(listAbilities, {})).abilities.length > 0);
  });

  it('takes no setting that widens power from a workspace', async () => {
    const { log } = await activeParts();
    const hostile = {
      'butler.mode': 'assisted',
      'butler.anthropic.baseUrl': 'http://127.0.0.1:9',
      'butler.storeFolder': '/tmp/elsewhere',
      'butler.defaultAbility': 'site-from-readme',
    };
    await mkdir(path.join(folder(), '.vscode'), { recursive: true });
    await writeFile(path.join(folder(), '.vscode/settings.json'), JSON.stringify(hostile));
    await until(workspace.onDidChangeConfiguration, () => defaultAbility() === 'site-from-readme');
    const options = readClientOptions(log);
    assert.deepEqual(
      [options.mode, options.anthropicBaseUrl, options.storeFolder],
      ['ask', undefined, undefined],
    );
  });

  it('offers its code actions on a selection, and makes a job of the one that is chosen', async () => {
    const { worker } = await activeParts();
    const file = Uri.file(path.join(folder(), 'notes.txt'));
    await writeFile(file.fsPath, 'The tide comes twice a day.\nIt goes as often.\n');
    await window.showTextDocument(file);
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      file,
      new Range(0, 0, 1, 0),
    );
    const titles = actions.map(({ title }) => title).filter((title) => title.startsWith('Butler: '));
    assert.deepEqual(titles.toSorted(), [
      'Butler: Explain',
      'Butler: Fix',
      'Butler: Review',
      'Butler: Write tests',
    ]);
    const before = valueIn(await worker.send(listJobs, {})).jobs.length;
    await commands.executeCommand('butler.code.explainIt', file);
    assert.equal(valueIn(await worker.send(listJobs, {})).jobs.length, before + 1);
  });

  it('is examined by the diagnostics, which open as a report', async () => {
    const { worker } = await activeParts();
    assert.ok(valueIn(await worker.send(doctor, {})).findings.length > 3);
    await commands.executeCommand('butler.diagnostics.collect');
    const text = window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /^# Virtual Butler: diagnostics/);
    assert.match(text, /\| journal \| ok \|/);
  });
});
