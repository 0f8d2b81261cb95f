import { type Failure, failures, fromIssues, type Outcome } from '../server/protocol/failure.ts';
import { contract } from '../server/protocol/index.ts';
import type { Message, Request } from '../server/protocol/message.ts';
import { FromPage, type PageAct, type ToPage } from '../server/protocol/page.ts';

/** Both sides of a page's line, as the relay needs them. */
export interface RelayEnds {
  /** Asks the worker; an aborted `signal` calls that off there. */
  send(message: Request, params: unknown, signal: AbortSignal): Promise<Outcome<unknown>>;
  act(act: PageAct): Promise<void>;
  /** Called when the page listens. */
  ready(): void;
  post(message: ToPage): void;
  /** Told of what was refused. */
  refused(what: string): void;
}

/** Between a page and the worker: only what the contract marks for pages goes through, and checked. */
export interface Relay {
  /** Takes whatever the page posted. */
  receive(raw: unknown): Promise<void>;
  /** Hands news of the worker on, when a page may have them. */
  tell(message: Message, params: unknown): void;
}

/**
 * Joins a page to the worker; where methods are named, it may send no other. A page that says that it listens is a
 * fresh one, which counts its requests anew: what the one before it asked goes on, and is answered to nobody.
 */
export function createRelay(ends: RelayEnds, only?: readonly string[]): Relay {
  const asked = new Map<number, AbortController>();
  const ask = async ({ id, method, params }: Extract<FromPage, { kind: 'request' }>) => {
    const checked = check(method, params, only);
    if (!checked.ok) return refuse(ends, { id }, checked.failure);
    const calling = new AbortController();
    asked.set(id, calling);
    const outcome = await ends.send(checked.message, checked.params, calling.signal);
    if (asked.get(id) !== calling) return;
    asked.delete(id);
    const answer = outcome.ok
      ? { kind: 'answer' as const, id, result: outcome.value }
      : { kind: 'error' as const, id, failure: outcome.failure };
    ends.post(answer);
  };
  return {
    async receive(raw) {
      const parsed = FromPage.safeParse(raw);
      if (!parsed.success) return refuse(ends, raw, fromIssues(parsed.error));
      const message = parsed.data;
      switch (message.kind) {
        case 'ready':
          asked.clear();
          return ends.ready();
        case 'act':
          return ends.act(message.act);
        case 'cancel':
          return asked.get(message.id)?.abort();
        case 'request':
          return ask(message);
      }
    },
    tell(message, params) {
      if (message.kind === 'notification' && message.page)
        ends.post({ kind: 'news', method: message.method, params });
    },
  };
}

type Checked =
  | { readonly ok: true; readonly message: Request; readonly params: unknown }
  | { readonly ok: false; readonly failure: Failure };

/** The requests that a page may send. */
const allowed = new Map(
  contract.flatMap((one) =>
    one.kind === 'request' && one.from === 'client' && one.page ? [[one.method, one] as const] : [],
  ),
);

function check(method: string, params: unknown, only: readonly string[] | undefined): Checked {
  const message = only?.includes(method) === false ? undefined : allowed.get(method);
  if (!message) {
    const failure = failures.denied(
      `A page may not send "${method}".`,
      'Use the command of the editor for it instead.',
    );
    return { ok: false, failure };
  }
  const parsed = message.params.safeParse(params ?? {});
  return parsed.success
    ? { ok: true, message, params: parsed.data }
    : { ok: false, failure: fromIssues(parsed.error) };
}

function refuse(ends: RelayEnds, raw: unknown, failure: Failure): void {
  ends.refused(failure.what);
  const id = (raw as { id?: unknown } | null)?.id;
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0) ends.post({ kind: 'error', id, failure });
}
