import { CancellationTokenSource } from 'vscode';
import type { RelayEnds } from './relay.ts';
import type { Send } from './worker.ts';

/** Sends for a page, whose way to call a request off is a signal where the editor's is a token. */
export function sendAbortably(send: Send): RelayEnds['send'] {
  return async (message, params, signal) => {
    const calling = new CancellationTokenSource();
    signal.addEventListener('abort', () => calling.cancel(), { once: true });
    return send(message, params, calling.token).finally(() => calling.dispose());
  };
}
