import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { type RunEnd, runJob } from '../../../server/core/agentLoop.ts';
import { decideApproval } from '../../../server/core/approvals.ts';
import { createJob } from '../../../server/core/jobs.ts';
import type { Provider, ProviderEvent } from '../../../server/core/ports/provider.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { Ability } from '../../../server/protocol/ability.ts';
import { bad, type FailureKind, failures, good } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Entry } from '../../../server/protocol/journal.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { hurried } from '../../support/hurried.ts';
import type { Stage } from '../../support/stage.ts';
import { entriesOf } from './story.ts';

/** What goes wrong in a job. */
export interface Trouble {
  /** Whether another provider may take over. */
  readonly fallback: boolean;
  /** The faults that each request in turn meets, one after another. */
  readonly faults: readonly (readonly FailureKind[])[];
  /** How often each send reaches nothing. */
  readonly sends: readonly number[];
  /** How many entries each worker in turn records before it dies, and whether the last one was written. */
  readonly deaths: readonly Death[];
}

interface Death {
  readonly after: number;
  readonly written: boolean;
}

/** What a provider mends by being asked again, whoever it is. */
export const passing = ['cut', 'malformed', 'overloaded', 'limited'] as const satisfies FailureKind[];
/** What is mended by another provider alone. */
export const elsewhere = ['auth', 'denied', 'notFound', 'invalid'] as const satisfies FailureKind[];

/** The file that the job writes. */
const file = 'sent.md';

/** What the model says, message by message: calls that may be done, that a person allows, and that do not fit. */
const script: readonly (readonly Part[])[] = [
  [text('I send two.'), send(0), send(1)],
  [call('none', 'no_such_tool', {}), send(2)],
  [call('file', 'write_file', { path: file, content: 'Three were sent.\n' })],
  [call('misfit', 'send', { number: 'four' }), call('asked', 'send', { number: 4, dear: true })],
  [call('look', 'list_files', { path: 'docs/reference' }), send(5)],
  [call('save', 'save_deliverable', { title: 'What was sent', files: [{ path: file, from: file }] })],
  [text('All is sent.')],
];

/** Runs a job with its trouble, worker after worker; answers its entries, and what was sent. */
export async function runTroubled(stage: Stage, trouble: Trouble) {
  const { butler, workspace } = stage;
  await rm(path.join(workspace, file), { force: true });
  const request = { ability: 'butler', workspace, text: 'Send all', kind: 'task' } as const;
  const created = await createJob(butler, request, 'person:test');
  if (!created.ok) throw new Error(created.failure.what);
  const sent: string[] = [];
  const providers = modelsOf(trouble);
  const parts = {
    ...butler,
    tools: [...butler.tools, sender(sent, [...trouble.sends])],
    clock: hurried(butler.clock),
    providers: () => providers,
    ability: async () => abilityOf(providers),
  };
  const end = await throughDeaths(stage, trouble.deaths, (job, worker, store) => {
    const signal = new AbortController().signal;
    return runJob(job, { ...parts, store }, { worker, signal, waiting: () => undefined });
  });
  const { id, session } = created.value;
  await butler.store.append([{ stream: session, job: id, actor: 'worker', type: 'job.completed', data: {} }]);
  const entries: readonly Entry[] = await entriesOf(butler.store, created.value);
  return { end, entries, sent: sent.map((what) => what.split(' ')[0]) };
}

/** How long a worker is taken to live without a word, in ms. */
const lease = 60_000;

/** Lets one worker after another take the job up until it has its end. */
async function throughDeaths(
  { butler, wait }: Stage,
  deaths: readonly Death[],
  run: (job: Job, worker: string, store: Store) => Promise<RunEnd>,
): Promise<RunEnd> {
  const store = answeredAtOnce(butler);
  const dying = [...deaths];
  for (let number = 1; ; number++) {
    const worker = `worker ${number}`;
    const take = number === 1 ? store.claim : store.takeOver;
    const job = await take(worker, 'any', lease);
    if (!job) throw new Error('there is nothing to take over');
    const end = await run(job, worker, mortal(store, dying.shift()));
    if (end.end !== 'stopped') return end;
    wait(lease + 1);
  }
}

/** A store on which a worker is dead after so many of its own entries. */
function mortal(store: Store, death?: Death): Store {
  let left = death?.after ?? Number.POSITIVE_INFINITY;
  return {
    ...store,
    append: async (drafts, fence) => {
      const dies = fence !== undefined && --left <= 0;
      if (dies && !(left === 0 && death?.written)) return bad(failures.conflict('It is dead.', 'Go on.'));
      const appended = await store.append(drafts, fence);
      return dies ? bad(failures.conflict('It died.', 'Go on.')) : appended;
    },
  };
}

/** A store beside which a person sits who approves whatever is asked, before anything else happens. */
function answeredAtOnce({ store, clock, policyFiles }: Stage['butler']): Store {
  return {
    ...store,
    append: async (drafts, fence) => {
      const outcome = await store.append(drafts, fence);
      for (const draft of outcome.ok ? drafts : []) {
        if (draft.type !== 'approval.requested') continue;
        const { id, digest } = draft.data.approval;
        await decideApproval(
          { store, clock, policyFiles },
          { id, digest, decision: 'approve' },
          'person:test',
        );
      }
      return outcome;
    },
  };
}

/** One or two providers of one mind; only the first is ever out of reach, or of no use at all. */
function modelsOf({ faults, fallback }: Trouble): [Provider, ...Provider[]] {
  const coming = faults.map((some) => [...some]);
  const mild: readonly FailureKind[] = passing;
  const first = model('first', coming, (kind) => fallback || kind === 'offline' || mild.includes(kind));
  return fallback ? [first, model('second', coming, (kind) => mild.includes(kind))] : [first];
}

/** What it answers follows from the conversation alone, once its faults are over. */
function model(name: string, coming: FailureKind[][], meets: (kind: FailureKind) => boolean): Provider {
  return {
    name,
    kind: 'anthropic',
    local: false,
    title: name,
    about: '',
    needsKey: false,
    models: ['claude-sonnet-5-5'],
    reachable: async () => true,
    async *stream({ messages }): AsyncGenerator<ProviderEvent> {
      const kind = coming[0]?.shift();
      if (kind && meets(kind)) {
        yield { kind: 'text', text: 'Half an ans' };
        yield { kind: 'failed', failure: { kind, what: 'It failed.', mend: 'Mend it.' } };
        return;
      }
      coming.shift();
      const parts = script[messages.filter(({ role }) => role === 'assistant').length] ?? [];
      const stop = parts.some((part) => part.kind === 'call') ? 'calls' : 'end';
      yield { kind: 'done', parts, stop, usage: null };
    },
  };
}

function abilityOf([own, ...others]: readonly [Provider, ...Provider[]]): Ability {
  const provider = own.name;
  const fallbacks = others.map(({ name }) => ({ provider: name }));
  const frame = { id: 'butler', name: 'Butler', origin: 'user', created: 0, updated: 0 };
  return Ability.parse({ ...frame, provider, fallbacks });
}

/** Sends once for all; what was sent can be asked of the world by the execution that sent it. */
function sender(sent: string[], away: number[]): Tool<{ number: number; dear: boolean }> {
  const result = (number: number) => ({ output: `Number ${number} is sent.` });
  return {
    name: 'send',
    description: 'Sends a number.',
    input: z.strictObject({ number: z.int(), dear: z.boolean().default(false) }),
    repeatable: false,
    plan: async ({ number, dear }) =>
      good({
        title: `Send ${number}`,
        effects: dear ? [{ kind: 'send', address: 'somebody' }] : [],
        exactly: number,
        preview: null,
      }),
    run: async ({ number }, _plan, { execution }) => {
      const left = away[number] ?? 0;
      away[number] = left - 1;
      if (left > 0) return bad(failures.offline('The post cannot be reached.'));
      sent.push(`${number} ${execution}`);
      return good(result(number));
    },
    reconcile: async ({ number }, { execution }) =>
      sent.includes(`${number} ${execution}`)
        ? { state: 'done', result: result(number) }
        : { state: 'notDone' },
  };
}

function text(words: string): Part {
  return { kind: 'text', text: words };
}

function call(id: string, tool: string, input: Record<string, unknown>): Part {
  return { kind: 'call', call: id, tool, input };
}

function send(number: number): Part {
  return call(`send-${number}`, 'send', { number });
}
