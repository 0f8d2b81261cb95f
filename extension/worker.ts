import { type CancellationToken, type Disposable, EventEmitter, type LogOutputChannel } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type * as z from 'zod';
import type { ClientOptions } from '../server/protocol/editor.ts';
import {
  bad,
  Failure,
  failures,
  fromIssues,
  good,
  type Outcome,
  wireCode,
} from '../server/protocol/failure.ts';
import { contract } from '../server/protocol/index.ts';
import type { Notification, ParamsOf, Request, ResultOf } from '../server/protocol/message.ts';
import type { WorkerState } from '../server/protocol/page.ts';
import { launchClient, type SecretPlace } from './workerProcess.ts';

/** What the worker's side of the extension needs of its surroundings. */
export interface WorkerSurroundings {
  /** Absolute path of the worker's bundle. */
  readonly module: string;
  readonly log: LogOutputChannel;
  readonly secrets: SecretPlace;
  trusted(): boolean;
  options(): ClientOptions;
  /** Called once, when the worker is first needed. */
  firstUse(): void;
}

/** Sends a request of the contract to the worker; a cancelled token calls it off there. */
export type Send = <M extends Request>(
  message: M,
  params: z.input<M['params']>,
  cancel?: CancellationToken,
) => Promise<Outcome<ResultOf<M>>>;

/** News of the worker, checked by the schema of its notification. */
export interface News {
  readonly message: Notification;
  readonly params: unknown;
}

/** Ends of the worker within this time, in ms, count together. */
const crashWindow = 180_000;
/** So many ends within the window, and the worker is not started again by itself. */
const crashLimit = 5;

/**
 * The worker process as the extension sees it: started when first needed, started again when it dies, and
 * never there in an untrusted workspace (SECURITY S4).
 */
export class Worker implements Disposable {
  private readonly around: WorkerSurroundings;
  private readonly stateEmitter = new EventEmitter<WorkerState>();
  private readonly newsEmitter = new EventEmitter<News>();
  private client: Promise<Outcome<LanguageClient>> | null = null;
  private ends: number[] = [];
  private current: WorkerState;
  private reason: Failure | null = null;

  readonly onState = this.stateEmitter.event;
  readonly onNews = this.newsEmitter.event;

  constructor(around: WorkerSurroundings) {
    this.around = around;
    this.current = around.trusted() ? 'starting' : 'untrusted';
  }

  get state(): WorkerState {
    return this.current;
  }

  /** Whether asking it can come to anything: the workspace is trusted and it did not stop for good. */
  get usable(): boolean {
    return this.current === 'starting' || this.current === 'ready';
  }

  /** Whether it was started, and not stopped since. */
  get started(): boolean {
    return this.client !== null;
  }

  /** Why it is stopped. */
  get failure(): Failure | null {
    return this.reason;
  }

  /** Starts it unless it runs; the value tells whether it answers. */
  async start(): Promise<Outcome<LanguageClient>> {
    if (!this.around.trusted()) return bad(untrusted);
    if (this.client === null) {
      this.around.firstUse();
      this.client = this.launch();
    }
    const started = await this.client;
    if (!started.ok) this.client = null;
    return started;
  }

  /** Ends the process and starts a new one. */
  async restart(): Promise<Outcome<LanguageClient>> {
    await this.stop();
    return this.start();
  }

  send: Send = async (message, params, cancel) => {
    const started = await this.start();
    if (!started.ok) return started;
    try {
      const result = await started.value.sendRequest(message.method, params, ...(cancel ? [cancel] : []));
      const parsed = message.result.safeParse(result);
      return parsed.success
        ? good(parsed.data as ResultOf<typeof message>)
        : bad(failures.malformed('The worker', fromIssues(parsed.error, message.method).what));
    } catch (error) {
      return bad(failureOf(error));
    }
  };

  /** Hears one notification of the contract. */
  on<N extends Notification>(notification: N, listener: (params: ParamsOf<N>) => void): Disposable {
    return this.onNews(({ message, params }) => {
      if (message.method === notification.method) listener(params as ParamsOf<N>);
    });
  }

  /** Runs one of the worker's own commands, as `butler.code.explain`. */
  async execute(command: string, argument: unknown): Promise<Outcome<unknown>> {
    const started = await this.start();
    if (!started.ok) return started;
    try {
      const params = { command, arguments: [argument] };
      return good(await started.value.sendRequest('workspace/executeCommand', params));
    } catch (error) {
      return bad(failureOf(error));
    }
  }

  async stop(): Promise<void> {
    const running = this.client;
    this.client = null;
    const started = await running;
    if (started?.ok) await started.value.dispose(2_000).catch(() => undefined);
  }

  dispose(): Promise<void> {
    this.stateEmitter.dispose();
    this.newsEmitter.dispose();
    return this.stop();
  }

  private async launch(): Promise<Outcome<LanguageClient>> {
    const { module, log, secrets, options } = this.around;
    this.enter('starting');
    try {
      const client = await launchClient({
        module,
        log,
        secrets,
        options: options(),
        ended: () => this.endedByItself(),
        running: () => this.enter('ready'),
        news: (method, params) => this.hear(method, params),
      });
      return good(client);
    } catch (error) {
      const failure = failures.internal(error instanceof Error ? error.message : String(error));
      log.error(failure.what);
      this.enter('stopped', failure);
      return bad(failure);
    }
  }

  /** Decides whether a worker that died is started again: not when it keeps dying. */
  private endedByItself(): 'restart' | 'leave' {
    const now = Date.now();
    this.ends = [...this.ends.filter((time) => now - time < crashWindow), now];
    this.around.log.warn('The worker ended by itself.');
    if (this.ends.length < crashLimit) {
      this.enter('starting');
      return 'restart';
    }
    this.ends = [];
    this.client = null;
    this.enter('stopped', failures.internal(`the worker ended ${crashLimit} times in three minutes`));
    return 'leave';
  }

  private enter(state: WorkerState, failure: Failure | null = null): void {
    this.current = state;
    this.reason = failure;
    this.stateEmitter.fire(state);
  }

  private hear(method: string, params: unknown): void {
    const message = contract.find((one) => one.method === method);
    if (message?.kind !== 'notification') return;
    const parsed = message.params.safeParse(params);
    if (parsed.success) this.newsEmitter.fire({ message, params: parsed.data });
    else this.around.log.warn(`${method}: ${fromIssues(parsed.error).what}`);
  }
}

const untrusted = failures.denied(
  'The workspace is not trusted, so the butler does not run.',
  'Trust the workspace, then the butler starts.',
);

/** Codes of errors that say only that the connection went away while an answer was due. */
const lostConnection: ReadonlySet<unknown> = new Set([1, 2, 3, -32096, -32097]);

/** The failure inside an error of the wire, or what is left to say when it carries none. */
function failureOf(error: unknown): Failure {
  const { data, code } = (error ?? {}) as { data?: unknown; code?: unknown };
  const carried = Failure.safeParse(data);
  if (carried.success) return carried.data;
  if (code === wireCode.cancelled) return failures.cancelled('The request was cancelled.');
  const what = error instanceof Error ? error.message : String(error);
  return lostConnection.has(code) ? failures.workerGone() : failures.internal(what);
}
