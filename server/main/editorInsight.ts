import { CancellationTokenSource, type Connection } from 'vscode-languageserver/node';
import type * as z from 'zod';
import type { EditorInsight } from '../core/ports/tool.ts';
import { findSymbols, readDiagnostics } from '../protocol/editor.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Request } from '../protocol/message.ts';

/** How long an editor may take, in ms: a language server may have to read a whole workspace first. */
const patience = 30_000;

/** Asks the client at the other end of a connection for what its language servers know. */
export function editorInsight(connection: Pick<Connection, 'sendRequest'>): EditorInsight {
  return {
    diagnostics: async (path, signal) => {
      const answered = await ask(connection, readDiagnostics, { path }, signal);
      return answered.ok ? good(answered.value.diagnostics) : answered;
    },
    symbols: async (question, signal) => {
      const answered = await ask(connection, findSymbols, question, signal);
      return answered.ok ? good(answered.value.symbols) : answered;
    },
  };
}

async function ask<P extends z.ZodType, R extends z.ZodType>(
  connection: Pick<Connection, 'sendRequest'>,
  message: Request<P, R>,
  params: z.input<P>,
  signal: AbortSignal,
): Promise<Outcome<z.output<R>>> {
  const cancel = new CancellationTokenSource();
  const late = AbortSignal.timeout(patience);
  const stop = AbortSignal.any([signal, late]);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const give = () => {
    cancel.cancel();
    reject(stop.reason);
  };
  stop.addEventListener('abort', give, { once: true });
  try {
    const asked = connection.sendRequest<unknown>(message.method, params, cancel.token);
    if (stop.aborted) give();
    const result = message.result.safeParse(await Promise.race([asked, stopped]));
    if (result.success) return good(result.data);
    return bad(failures.malformed('The editor', 'an answer of another shape.'));
  } catch (error) {
    if (signal.aborted) return bad(failures.cancelled('The editor was not asked any more.'));
    const what = late.aborted ? 'The editor did not answer in time.' : `The editor failed: ${String(error)}`;
    return bad(failures.tool(what.slice(0, 300), 'Try again when its language servers have started.'));
  } finally {
    stop.removeEventListener('abort', give);
    cancel.dispose();
  }
}
