import type * as z from 'zod';
import {
  bad,
  type Failure,
  failures,
  fromIssues,
  good,
  type Outcome,
} from '../../server/protocol/failure.ts';
import { redoJob, undoJob } from '../../server/protocol/job.ts';
import type { Request, ResultOf } from '../../server/protocol/message.ts';
import { type FromPage, type PageAct, ToPage } from '../../server/protocol/page.ts';

/** Sends a request of the contract to the worker and gives its checked answer; an aborted `signal` calls it off there. */
export type Send = <M extends Request>(
  message: M,
  params: z.input<M['params']>,
  signal?: AbortSignal,
) => Promise<Outcome<ResultOf<M>>>;

/** What comes unasked from the extension. */
export type Inbound = Exclude<z.output<typeof ToPage>, { kind: 'answer' | 'error' }>;

/** The page's line to the extension. */
export interface Wire {
  readonly send: Send;
  act(act: PageAct): void;
  ready(): void;
}

/** What a line needs of its surroundings. */
export interface WireEnds {
  readonly page: Window;
  post(message: FromPage): void;
  /** Takes what comes unasked. */
  receive(inbound: Inbound): void;
  /** Says whether an answer has been missing for long. */
  silent(silent: boolean): void;
}

/** Milliseconds without an answer after which a person is told, where one is due at once. */
export const patience = 8000;

/** Requests that are answered when something out in the world is done, however long that takes. */
const lasting: ReadonlySet<Request> = new Set([undoJob, redoJob]);

interface Pending {
  readonly message: Request;
  readonly settle: (outcome: Outcome<unknown>) => void;
  readonly timer: number;
  overdue: boolean;
}

/** Opens the line; every message that comes in is checked by its schema, what does not fit is dropped. */
export function openWire({ page, post, receive, silent }: WireEnds): Wire {
  const pending = new Map<number, Pending>();
  const state = { next: 1, greeting: 0 };
  const settle = (id: number, read: (message: Request) => Outcome<unknown>) => {
    const one = pending.get(id);
    if (!one) return;
    pending.delete(id);
    page.clearTimeout(one.timer);
    silent([...pending.values()].some((other) => other.overdue));
    one.settle(read(one.message));
  };
  page.addEventListener('message', (event: MessageEvent) => {
    const parsed = ToPage.safeParse(event.data);
    if (!parsed.success) return;
    const inbound = parsed.data;
    if (inbound.kind === 'answer') settle(inbound.id, (message) => readResult(message, inbound.result));
    else if (inbound.kind === 'error') settle(inbound.id, () => bad(inbound.failure));
    else {
      page.clearTimeout(state.greeting);
      if (inbound.kind === 'state' && pending.size === 0) silent(false);
      receive(inbound);
    }
  });
  const send = (message: Request, params: unknown, signal?: AbortSignal) =>
    new Promise<Outcome<unknown>>((settled) => {
      const id = state.next++;
      const overdue = () => {
        const one = pending.get(id);
        if (one) one.overdue = true;
        silent(true);
      };
      const timer = lasting.has(message) ? 0 : page.setTimeout(overdue, patience);
      pending.set(id, { message, settle: settled, timer, overdue: false });
      post({ kind: 'request', id, method: message.method, params });
      signal?.addEventListener('abort', () => post({ kind: 'cancel', id }), { once: true });
    });
  return {
    send: send as Send,
    act: (act) => post({ kind: 'act', act }),
    ready() {
      state.greeting = page.setTimeout(() => silent(true), patience);
      post({ kind: 'ready' });
    },
  };
}

function readResult(message: Request, result: unknown): Outcome<unknown> {
  const parsed = message.result.safeParse(result);
  return parsed.success ? good(parsed.data) : bad(unreadable(message, fromIssues(parsed.error)));
}

function unreadable(message: Request, failure: Failure): Failure {
  return failures.malformed('The worker', `${message.method}: ${failure.what}`);
}
