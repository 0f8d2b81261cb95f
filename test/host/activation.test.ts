import assert from 'node:assert/strict';
import path from 'node:path';
import { commands, extensions, Uri } from 'vscode';
import { Board } from '../../extension/board.ts';
import { commandIds } from '../../extension/commandIds.ts';
import { readClientOptions } from '../../extension/settings.ts';
import { Worker } from '../../extension/worker.ts';
import { activeParts, extensionId, folder } from './parts.ts';

describe('the extension, activated', () => {
  it('starts no worker before somebody uses it', async () => {
    const { worker } = await activeParts();
    assert.equal(worker.started, false);
  });

  it('is told once why a worker cannot serve, as when its store cannot be made', async () => {
    const { log, context } = await activeParts();
    const worker = new Worker({
      module: Uri.joinPath(context.extensionUri, 'dist/worker.mjs').fsPath,
      log,
      secrets: context.secrets,
      trusted: () => true,
      options: () => ({ ...readClientOptions(log), storeFolder: path.join(folder(), 'README.md/store') }),
      firstUse: () => undefined,
    });
    const board = new Board(worker);
    const told: string[] = [];
    board.onFailure(({ what }) => told.push(what));
    await board.refresh();
    await board.refresh();
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /README\.md/);
    board.dispose();
    await worker.dispose();
  });

  it('has registered every command that package.json contributes', async () => {
    await activeParts();
    const manifest = extensions.getExtension(extensionId)?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const registered = new Set(await commands.getCommands(true));
    const contributed = manifest.contributes.commands.map(({ command }) => command);
    assert.deepEqual(contributed.toSorted(), [...commandIds].toSorted());
    assert.deepEqual(
      contributed.filter((one) => !registered.has(one)),
      [],
    );
  });

  it('shows a status-bar item that says it is at service', async () => {
    const { status } = await activeParts();
    assert.deepEqual(status.look, {
      text: '$(coffee) Butler',
      tooltip: 'Butler: at your service',
      warning: false,
    });
  });
});
