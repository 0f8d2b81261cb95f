import type { Connection } from 'vscode-languageserver/node';
import type { Processes } from '../adapters/processes/processes.ts';
import { processChanged, processOutput } from '../protocol/process.ts';

/** How long output is gathered before it is told, in ms, and how much of it one message carries at most. */
const every = 100;
const most = 64 * 1024;

/**
 * Tells a client of commands and of what they write. Where more comes than anybody reads, only the newest part is
 * told; the whole stands in the result.
 */
export function tellProcesses(
  connection: Pick<Connection, 'sendNotification'>,
  processes: Processes,
): () => void {
  const waiting = new Map<string, string>();
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    timer = null;
    for (const [id, text] of waiting) {
      void connection.sendNotification(processOutput.method, { id, text: text.toWellFormed() });
    }
    waiting.clear();
  };
  const stop = processes.listen((news) => {
    if (news.kind === 'output') {
      waiting.set(news.id, ((waiting.get(news.id) ?? '') + news.text).slice(-most));
      timer ??= setTimeout(flush, every);
      return;
    }
    if (news.kind === 'read' || waiting.has(news.process.id)) flush();
    if (news.kind === 'read') return;
    void connection.sendNotification(processChanged.method, { process: news.process });
  });
  return () => {
    stop();
    if (timer) clearTimeout(timer);
  };
}
