import type { Connection } from 'vscode-languageserver/node';
import { token } from '../protocol/job.ts';
import { type Entry, journalAppended } from '../protocol/journal.ts';
import type { ParamsOf } from '../protocol/message.ts';

/** What goes on in jobs, on its way to a client. */
export interface Outbox {
  entries(entries: readonly Entry[]): void;
  token(params: Token): void;
  /** Tells at once what waits: to be called before an answer, which the client may hold against it. */
  flush(): void;
  close(): void;
}

type Token = ParamsOf<typeof token>;

/** How long news may wait for others to come along, in ms: half of the time that a screen shows one picture. */
const wait = 8;

/**
 * Gathers what is told in a row, in its order, so that a busy job wakes its client a hundred times a second at most,
 * and asks the model before the screen hears of the round.
 */
export function openOutbox(connection: Pick<Connection, 'sendNotification'>): Outbox {
  let waiting: ({ entries: Entry[] } | { token: Token })[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    const told = waiting;
    waiting = [];
    for (const one of told) {
      if ('entries' in one) void connection.sendNotification(journalAppended.method, one);
      else void connection.sendNotification(token.method, one.token);
    }
  };
  const begin = () => {
    timer ??= setTimeout(flush, wait);
  };
  return {
    entries: (entries) => {
      const last = waiting.at(-1);
      if (last && 'entries' in last) last.entries.push(...entries);
      else waiting.push({ entries: [...entries] });
      begin();
    },
    token: (params) => {
      const last = waiting.at(-1);
      if (last && 'token' in last && continues(last.token, params)) {
        last.token = { ...params, text: last.token.text + params.text };
      } else waiting.push({ token: params });
      begin();
    },
    flush,
    close: flush,
  };
}

/** Whether one says more of the same text; the other kinds are whole. */
function continues(earlier: Token, later: Token): boolean {
  const isText = later.kind === 'text' || later.kind === 'thinking';
  return isText && earlier.kind === later.kind && earlier.job === later.job;
}
