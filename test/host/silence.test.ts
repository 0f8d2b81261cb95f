import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EventEmitter, LogLevel, type LogOutputChannel, Uri, workspace } from 'vscode';
import { readClientOptions } from '../../extension/settings.ts';
import { Worker } from '../../extension/worker.ts';
import { setSecret } from '../../server/protocol/provider.ts';
import { activeParts, until as event, folder, valueIn } from './parts.ts';

const canary = ['canary', 'in', 'a', 'message', '5d6e7f8a9b0c'].join('-');

describe('the log of the extension', () => {
  it('tells no message, though its level is the lowest and a workspace asks for the text of each', async () => {
    const { context, log, worker: usual } = await activeParts();
    const file = path.join(folder(), '.vscode/settings.json');
    const before = await readFile(file, 'utf8').catch(() => null);
    const heard = new EventEmitter<void>();
    const watching = workspace.onDidChangeConfiguration(() => heard.fire());
    const asks = () => workspace.getConfiguration('butler').get('trace.server') === 'verbose';
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ 'butler.trace.server': 'verbose' }));
    await event(heard.event, asks);
    const lines: string[] = [];
    /** Two at once would offer the same commands. */
    await usual.stop();
    const worker = new Worker({
      module: Uri.joinPath(context.extensionUri, 'dist/worker.mjs').fsPath,
      log: hearing(lines),
      secrets: { get: async () => undefined, store: async () => {}, delete: async () => {} },
      trusted: () => true,
      options: () => readClientOptions(log),
      firstUse: () => undefined,
    });
    try {
      valueIn(await worker.send(setSecret, { provider: 'openai', value: canary }));
      valueIn(await worker.send(setSecret, { provider: 'openai', value: '' }));
      assert.ok(!lines.join('\n').includes(canary), lines.join('\n'));
    } finally {
      await worker.dispose();
      valueIn(await usual.start());
      watching.dispose();
      if (before === null) await rm(file);
      else await writeFile(file, before);
    }
  });
});

/** A log at its lowest level that keeps all it is told. */
function hearing(lines: string[]): LogOutputChannel {
  const note = (...given: unknown[]) => void lines.push(given.map(String).join(' '));
  const nothing = () => undefined;
  return {
    name: 'Hearing',
    logLevel: LogLevel.Trace,
    onDidChangeLogLevel: new EventEmitter<LogLevel>().event,
    append: note,
    appendLine: note,
    replace: note,
    clear: nothing,
    show: nothing,
    hide: nothing,
    trace: note,
    debug: note,
    info: note,
    warn: note,
    error: note,
    dispose: nothing,
  };
}
