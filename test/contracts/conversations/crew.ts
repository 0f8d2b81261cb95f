import * as z from 'zod';
import { type Dispatcher, startDispatcher } from '../../../server/core/dispatcher.ts';
import type { RunPorts } from '../../../server/core/jobRun.ts';
import type { Provider, ProviderEvent, ProviderRequest } from '../../../server/core/ports/provider.ts';
import type { Tool, ToolContext } from '../../../server/core/ports/tool.ts';
import type { Effect } from '../../../server/protocol/effect.ts';
import type { EntryType } from '../../../server/protocol/entryData.ts';
import { bad, type Failure, failures, good } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { matchesGolden, told } from '../../support/golden.ts';
import { ofEachTest, standIn } from '../../support/ofEachTest.ts';
import { type Stage, setStage, until } from '../../support/stage.ts';

/** A lease of the workers below, in ms. */
export const lease = 6_000;

/** A worker of its own on the stage's store, with what it has beside the stage's parts. */
export interface Hand extends Dispatcher {
  readonly reports: readonly string[];
}

/** Puts a worker to work under a name. */
export function hire(stage: Stage, worker: string, change: Partial<RunPorts> = {}): Hand {
  const reports: string[] = [];
  const dispatcher = startDispatcher(
    { ...stage.butler, ...change },
    {
      worker,
      workspaces: () => 'any',
      atOnce: 4,
      lease,
      report: (what, cause) => reports.push(`${what}: ${(cause as Failure).what}`),
    },
  );
  return { ...dispatcher, reports };
}

/** What a scripted provider answers to a request. */
export type Answering = (
  request: ProviderRequest,
  signal: AbortSignal,
) => readonly Part[] | Promise<readonly Part[]>;

/** A provider under the name of the offline one that answers by a script, and keeps what it was asked. */
export function scripted(...script: readonly Answering[]): { provider: Provider; asked: ProviderRequest[] } {
  const asked: ProviderRequest[] = [];
  const provider: Provider = {
    name: 'offline',
    kind: 'offline',
    local: true,
    title: 'Script',
    about: 'Answers by a script.',
    needsKey: false,
    models: ['script'],
    async *stream(request, signal): AsyncGenerator<ProviderEvent> {
      asked.push(request);
      const parts = (await script[asked.length - 1]?.(request, signal)) ?? [];
      const stop = parts.some((part) => part.kind === 'call') ? 'calls' : 'end';
      yield { kind: 'done', parts, stop, usage: null };
    },
  };
  return { provider, asked };
}

/** Says something and ends the job. */
export const says =
  (text: string): Answering =>
  () => [{ kind: 'text', text }];

/** Calls one tool. */
export const calls =
  (tool: string, input: Record<string, unknown> = {}): Answering =>
  ({ messages }) => [{ kind: 'call', call: `call-${messages.length}`, tool, input }];

/** What a tool of a test does: it runs a program, which is always asked for, and counts how often. */
export interface Deed {
  /** Works until it ends; a failure is what it came to. */
  run?(context: ToolContext): Promise<Failure | undefined>;
  reconcile?: Tool['reconcile'];
  repeatable?: boolean;
  readonly title?: string;
  /** Called whenever it is planned. */
  planned?(): void;
  /** Whether it is asked for. */
  asked?: boolean;
}

/** A tool called `deed` whose effect a test can count, hold up and cut off. */
export function deed(options: Deed = {}): { tool: Tool; done: string[] } {
  const done: string[] = [];
  const { run, reconcile, repeatable = false, asked = false, title = 'Do a deed' } = options;
  const tool: Tool = {
    name: 'deed',
    description: 'Does a deed.',
    input: z.strictObject({}),
    repeatable,
    plan: async () => {
      options.planned?.();
      const effects: Effect[] = asked ? [{ kind: 'run', argv: ['deed'], cwd: '/' }] : [];
      return good({ title, effects, exactly: 'deed', preview: null });
    },
    run: async (_input, _plan, context) => {
      const failure = await run?.(context);
      if (failure) return bad(failure);
      done.push(context.execution);
      return good({ output: 'The deed is done.' });
    },
    ...(reconcile ? { reconcile } : {}),
  };
  return { tool, done };
}

/** Work that only ends by being stopped. */
export function untilStopped(signal: AbortSignal): Promise<Failure> {
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(failures.cancelled('It stopped half-way.')), {
      once: true,
    }),
  );
}

/** A stage on which no worker works but those that are hired, and looks at what they did. */
export interface Crew {
  readonly stage: Stage;
  /** Hires a worker, with this provider alone where one is given. */
  work(name: string, change?: Partial<RunPorts> & { provider?: Provider }): Hand;
  /** The worker goes away without a word; its leases run out. */
  loses(hand: Hand): Promise<void>;
  /** Sends every worker home. */
  dismiss(): Promise<void>;
  /** How many entries of a type a job has. */
  count(job: Job, type: EntryType): Promise<number>;
  /** Resolves when there is one. */
  saw(job: Job, type: EntryType): Promise<void>;
  /** Compares the session of a job with its golden file. */
  golden(name: string, job: Job): Promise<void>;
  close(): Promise<void>;
}

/** A crew for each test of the suite in which this stands, and its stage. */
export function crewOfEachTest(): { readonly crew: Crew; readonly stage: Stage } {
  const crew = ofEachTest(setCrew, ({ close }) => close());
  return { crew, stage: standIn(() => crew.stage) };
}

/** Sets the stage for a crew. */
export async function setCrew(): Promise<Crew> {
  const stage = await setStage({ serve: false });
  const { store } = stage.butler;
  const hands: Hand[] = [];
  const dismiss = async () => {
    await Promise.all(hands.splice(0).map((hand) => hand.stop()));
  };
  const count = async (job: Job, type: EntryType) => {
    const filter = { job: job.id, types: [type] };
    return (await store.entries({ filter, after: 0, limit: 500 })).entries.length;
  };
  return {
    stage,
    work: (name, { provider, ...ports } = {}) => {
      const hand = hire(stage, name, provider ? { ...ports, providers: () => [provider] } : ports);
      hands.push(hand);
      return hand;
    },
    loses: async (hand) => {
      await hand.stop();
      stage.wait(lease + 1);
    },
    dismiss,
    count,
    saw: async (job, type) => {
      await until(stage.butler, async () => ((await count(job, type)) > 0 ? true : null));
    },
    golden: async (name, job) =>
      matchesGolden(name, told(await stage.transcript(job.session), stage.workspace)),
    close: async () => {
      await dismiss();
      await stage.close();
    },
  };
}
