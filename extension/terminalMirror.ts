import { type Disposable, EventEmitter, l10n, type Pseudoterminal, type Terminal, window } from 'vscode';
import { type Process, processChanged, processOutput, readProcess } from '../server/protocol/process.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import { terminalText } from './terminalText.ts';
import type { Worker } from './worker.ts';

/** Shows what commands of agents write in terminals that take no input, one for each command. */
export class TerminalMirror implements Disposable {
  private readonly worker: Worker;
  private readonly shown = new Map<string, Terminal>();

  constructor(worker: Worker) {
    this.worker = worker;
  }

  /** Opens the terminal of a command, or shows it again. */
  show(process: Pick<Process, 'id' | 'command'>): Terminal {
    const open = this.shown.get(process.id);
    if (open) {
      open.show(true);
      return open;
    }
    const name = l10n.t('Butler: {0}', plainText(process.command, 60));
    const pty = mirrorOf(this.worker, process.id, () => this.shown.delete(process.id));
    const terminal = window.createTerminal({ name, pty, isTransient: true });
    this.shown.set(process.id, terminal);
    terminal.show(true);
    return terminal;
  }

  dispose(): void {
    for (const terminal of this.shown.values()) terminal.dispose();
  }
}

/** A terminal that only shows: what was written so far, then what comes, then how it ended. */
export function mirrorOf(
  worker: Pick<Worker, 'on' | 'send'>,
  id: string,
  closed: () => void,
): Pseudoterminal {
  const writes = new EventEmitter<string>();
  const owned: Disposable[] = [writes];
  const safe = terminalText();
  let begun = false;
  const end = (exit: number | null) => {
    const how = exit === null ? l10n.t('The command ended.') : l10n.t('The command ended with {0}.', exit);
    writes.fire(`\u001b[0m\r\n${how}\r\n`);
  };
  const open = async () => {
    owned.push(
      // What comes before the answer below is in it.
      worker.on(processOutput, (news) => {
        if (begun && news.id === id) writes.fire(safe(news.text));
      }),
      worker.on(processChanged, ({ process }) => {
        if (begun && process.id === id && process.state === 'ended') end(process.exit);
      }),
    );
    const read = await worker.send(readProcess, { id });
    begun = true;
    if (!read.ok) return writes.fire(`${plainText(language.said(read.failure.what))}\r\n`);
    const { process, output } = read.value;
    writes.fire(`\u001b[2m${plainText(process.command, 2000)}\u001b[0m\r\n${safe(output)}`);
    if (process.state === 'ended') end(process.exit);
  };
  return {
    onDidWrite: writes.event,
    open: () => void open(),
    close: () => {
      for (const one of owned.splice(0)) one.dispose();
      closed();
    },
  };
}
