import { CancellationTokenSource, type Connection } from 'vscode-languageserver/node';
import type * as z from 'zod';
import type { EditorModels } from '../adapters/providers/editor.ts';
import { Unreadable } from '../adapters/providers/refusal.ts';
import { askLanguageModel, languageModelPart, listLanguageModels } from '../protocol/languageModel.ts';
import type { Request } from '../protocol/message.ts';
import type { Part } from '../protocol/provider.ts';

/** The language models of a client, and where the pieces of their answers are handed in. */
export interface LentModels extends EditorModels {
  /** Takes a `butler/lm/part` of the client; one of an answer that nobody waits for any more is dropped. */
  heard(params: unknown): void;
}

interface Listener {
  readonly hear: (part: Part) => void;
  /** Ends the answer, because a piece of it cannot be read. */
  readonly spoil: (reason: Unreadable) => void;
}

/** Asks the client at the other end of a connection for its language models. */
export function editorModels(connection: Pick<Connection, 'sendRequest'>): LentModels {
  const listeners = new Map<string, Listener>();
  return {
    list: async (signal) => (await ask(connection, listLanguageModels, {}, signal)).models,
    ask: async (question, hear, signal) => {
      const { promise: spoiled, reject: spoil } = Promise.withResolvers<never>();
      listeners.set(question.id, { hear, spoil });
      try {
        return await Promise.race([ask(connection, askLanguageModel, question, signal), spoiled]);
      } finally {
        listeners.delete(question.id);
      }
    },
    heard: (params) => {
      const news = languageModelPart.params.safeParse(params);
      if (news.success) return listeners.get(news.data.id)?.hear(news.data.part);
      const { id } = (params ?? {}) as { id?: string };
      listeners.get(id ?? '')?.spoil(new Unreadable('a piece of another shape'));
    },
  };
}

/** Sends a request that ends with the signal, whether or not the client answers then. */
async function ask<P extends z.ZodType, R extends z.ZodType>(
  connection: Pick<Connection, 'sendRequest'>,
  message: Request<P, R>,
  params: z.input<P>,
  signal: AbortSignal,
): Promise<z.output<R>> {
  const cancel = new CancellationTokenSource();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => {
    cancel.cancel();
    reject(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const asked = connection.sendRequest<unknown>(message.method, params, cancel.token);
    if (signal.aborted) stop();
    const answered = await Promise.race([asked, stopped]);
    const result = message.result.safeParse(answered);
    if (!result.success) throw new Unreadable('an answer of another shape');
    return result.data;
  } finally {
    signal.removeEventListener('abort', stop);
    cancel.dispose();
  }
}
