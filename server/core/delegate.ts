import * as z from 'zod';
import { bad, type Failure, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { Mode } from '../protocol/policy.ts';
import { emptyTranscript, foldTranscript } from '../protocol/transcript.ts';
import { delegateName, type Turn } from '../protocol/turn.ts';
import type { Specialist } from './agents.ts';
import type { JobRun } from './jobRun.ts';
import { isEnded } from './jobStates.ts';
import { abortJob } from './jobs.ts';
import { toldOutput } from './outputs.ts';
import type { Draft, Store } from './ports/store.ts';
import type { Tool, ToolResult } from './ports/tool.ts';
import { sessionEntries } from './sessionEntries.ts';

const Input = z.strictObject({ agent: z.string(), task: z.string().trim().min(1).max(20_000) });

/**
 * The tool by which a job hands a part of itself to a specialist and waits for the result. The part is a job of
 * its own, in a session of its own, and both bear the id of the execution: so a call that was cut off finds
 * what it began, and every surface finds it by the call.
 */
export function delegateTool(run: JobRun, specialists: readonly Specialist[]): Tool<z.infer<typeof Input>> {
  const known = specialists.map(({ name, when }) => `${name} (${when})`).join('; ');
  return {
    name: delegateName,
    description: `Hands a part of the job to a specialist and waits for the result. Say in the task all that it must know; then put the results together into one answer, and say who could not do what. Specialists: ${known}.`,
    input: Input,
    repeatable: true,
    plan: async ({ agent }) =>
      good({ title: titleOf(agent, specialists), effects: [], exactly: agent, preview: null }),
    run: async ({ agent, task }, _plan, { execution }) => {
      const begun = await begin(run, specialists, { agent, task, execution });
      return begun ? bad(begun) : resultOf(run, execution, await ended(run, execution));
    },
  };
}

/** Asks the jobs that a job handed to specialists to end with it; answers why that could not be noted. */
export async function abortChildren(ports: { store: Store }, job: string): Promise<Failure | null> {
  for (const child of await ports.store.children(job)) {
    if (isEnded(child.state) || child.state === 'aborting') continue;
    const asked = await abortJob(ports, child.id, 'worker');
    if (!asked.ok && asked.failure.kind === 'store') return asked.failure;
  }
  return null;
}

interface Handing {
  readonly agent: string;
  readonly task: string;
  readonly execution: string;
}

/** Creates the session and the job of the specialist, once; answers why there is none. */
async function begin(
  run: JobRun,
  specialists: readonly Specialist[],
  handing: Handing,
): Promise<Failure | null> {
  const { store } = run.ports;
  if (await isBegun(store, handing.execution)) return null;
  const specialist = specialists.find(({ name }) => name === handing.agent);
  if (!specialist) return unknown(handing.agent, specialists);
  if (run.signal.aborted) return stopped;
  const appended = await store.append(draftsOf(run, specialist, handing, await run.mode()));
  return appended.ok || (await isBegun(store, handing.execution)) ? null : appended.failure;
}

async function isBegun(store: Store, session: string): Promise<boolean> {
  const filter = { stream: session, types: ['session.created' as const] };
  return (await store.entries({ filter, after: 0, limit: 1 })).entries.length > 0;
}

function draftsOf(
  run: JobRun,
  { name, ability }: Specialist,
  { task, execution }: Handing,
  mode: Mode,
): Draft[] {
  const { workspace, session, id } = run.job;
  const { asked, turn, call } = placeOf(run, execution);
  const base = { stream: execution, actor: 'agent' };
  const { images, files = [] } = asked?.kind === 'person' ? asked : { images: [] };
  return [
    {
      ...base,
      type: 'session.created',
      data: { session: execution, ability: ability.id, workspace, parent: session },
    },
    {
      ...base,
      job: execution,
      type: 'job.created',
      data: { ability: ability.id, kind: 'task', workspace, parent: { job: id, call }, agent: name, mode },
      content: {
        text: [task, ...wholeJob(asked), ...earlierResults(turn, call)].join('\n\n'),
        ...(images.length > 0 ? { images } : {}),
        ...(files.length > 0 ? { files } : {}),
      },
    },
  ];
}

/** Where in its job a delegation stands: what the person asked, and the message with the call. */
function placeOf(run: JobRun, execution: string) {
  const own = run.transcript().turns.filter(({ job }) => job === run.job.id);
  const asked = own.find(({ kind }) => kind === 'person');
  const turn = own.findLast(
    (one): one is Message =>
      one.kind === 'assistant' && one.calls.some((call) => call.execution === execution),
  );
  const call = turn?.calls.find((one) => one.execution === execution)?.call ?? '';
  return { asked, turn, call };
}

type Message = Extract<Turn, { kind: 'assistant' }>;

/** The longest that the job of the person and each earlier result are told to a specialist, in characters. */
const longestWords = 4_000;
const longestResult = 16_000;

function wholeJob(asked: Turn | undefined): string[] {
  if (asked?.kind !== 'person') return [];
  const words = toldOutput('', asked.text, { longest: longestWords, readable: false });
  return [`This is a part of what the person wants:\n${words}`];
}

/** What specialists of the same message found before: a pipeline hands it on. */
function earlierResults(turn: Message | undefined, call: string): string[] {
  const calls = turn?.calls ?? [];
  const before = calls.slice(
    0,
    calls.findIndex((one) => one.call === call),
  );
  return before.flatMap(({ tool, state, input, output }) => {
    if (tool !== delegateName || state !== 'ok' || output === null) return [];
    const { agent } = input as z.infer<typeof Input>;
    const told = toldOutput('', output, { longest: longestResult, readable: false });
    return [`What the specialist "${agent}" found before you:\n${told}`];
  });
}

/** How long one waits before looking again without news, in ms. */
const longestWait = 60_000;

/** Waits for the end of the specialist's job, while others may run; `null` where it was deleted or nobody waits. */
async function ended(run: JobRun, child: string): Promise<Job | null> {
  const { store, clock } = run.ports;
  run.waiting(true);
  try {
    while (!run.signal.aborted) {
      const wake = new AbortController();
      const stopWatching = store.watch((news) => {
        if (!news || news.some(({ stream }) => stream === child)) wake.abort();
      });
      try {
        const job = await store.job(child);
        if (!job || isEnded(job.state)) return job;
        await clock.sleep(longestWait, AbortSignal.any([wake.signal, run.signal]));
      } finally {
        stopWatching();
      }
    }
    return null;
  } finally {
    run.waiting(false);
  }
}

async function resultOf(run: JobRun, child: string, job: Job | null): Promise<Outcome<ToolResult>> {
  const { store } = run.ports;
  if (run.signal.aborted) return bad(stopped);
  if (!job) return bad(failures.tool('The session of the specialist was deleted.', goOn));
  const said = await lastWords(store, child);
  if (job.state === 'completed') {
    const saved = await store.deliverables({ job: child, limit: 50 });
    const lines = saved
      .toReversed()
      .map(({ type, title, id }) => `Saved: ${type} "${title}", deliverable ${id}`);
    return good({ output: [said || 'The specialist said nothing.', ...lines].join('\n') });
  }
  const why = job.failure ? `${job.failure.what} ${job.failure.mend}` : 'It was stopped.';
  const last = said ? ` Its last words: ${said.slice(0, 1_000)}` : '';
  return bad(failures.tool(`The specialist did not finish: ${why}${last}`, goOn));
}

/** What a specialist said at the end of its job. */
async function lastWords(store: Store, child: string): Promise<string> {
  let transcript = emptyTranscript;
  for await (const entries of sessionEntries(store, child)) transcript = foldTranscript(transcript, entries);
  const last = transcript.turns.findLast((turn) => turn.kind === 'assistant' && turn.job === child);
  if (last?.kind !== 'assistant') return '';
  return last.parts
    .flatMap((part) => (part.kind === 'text' ? [part.text] : []))
    .join('\n')
    .trim();
}

const goOn = 'Go on without it, or say what is missing.';
const stopped = failures.cancelled('The job was stopped while a specialist worked.');

/** Without the task, for a title stays when the words of a session are deleted. */
function titleOf(agent: string, specialists: readonly Specialist[]): string {
  const title = specialists.find(({ name }) => name === agent)?.title ?? agent;
  return `Ask the specialist: ${title}`;
}

function unknown(agent: string, specialists: readonly Specialist[]): Failure {
  const names = specialists.map(({ name }) => name).join(', ');
  return failures.invalid('agent', `"agent": there is no specialist "${agent}".`, `Choose one of: ${names}.`);
}
