import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { saveSettings } from '../../../server/core/settings.ts';
import { Ability } from '../../../server/protocol/ability.ts';
import { defaultBudget } from '../../../server/protocol/cost.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Entry } from '../../../server/protocol/journal.ts';
import type { Turn } from '../../../server/protocol/turn.ts';
import { told } from '../../support/golden.ts';
import type { Stage } from '../../support/stage.ts';
import { type Crew, setCrew } from './crew.ts';
import { layLedger, ledgerFile, written } from './ledger.ts';
import { entriesOf } from './story.ts';
import type { Mind } from './voices.ts';

/** What became of a job. */
export interface Outcome {
  readonly job: Job;
  readonly entries: readonly Entry[];
  /** The lines that it wrote into the ledger. */
  readonly lines: readonly string[];
  /** The transcript as a person would tell it, without what was tried in vain. */
  readonly told: string;
  /** How often what had streamed of an answer was taken back. */
  readonly restarts: number;
}

/** A worker that takes one job after another, each with providers of its own. */
export interface Trials {
  /** Runs a job to its end; pauses are passed over. The first provider is the Ability's, the others its chain. */
  run(providers: readonly [Provider, ...Provider[]], limits?: Ability['limits']): Promise<Outcome>;
  /** Whether the journal is whole. */
  verify(): Promise<string>;
  close(): Promise<void>;
}

/** The file that is read in each job. */
export const pageFile = 'page.md';
/** What it says; it is long enough that there is something to shorten. */
const page = { text: 'This page was read.', rest: 'More of it.\n'.repeat(800) };

/**
 * Reads the page, writes a line, and ends. What it answers follows from what was sent: the results, or a record of
 * what was done.
 */
export const diligent: Mind = (sent) => {
  if (sent.includes(written) || sent.includes(`wrote ${ledgerFile}`)) return { says: 'All is done.' };
  if (sent.includes(page.text)) return { tool: 'write_line', input: { line: 'once' } };
  return { tool: 'read_file', input: { path: pageFile } };
};

/** Requests of a diligent job: to read, to write, to end. */
export const requests = 3;

/** Sets a stage with a ledger and one worker on it. */
export async function setTrials(): Promise<Trials> {
  const crew = await setCrew();
  const { stage } = crew;
  // The clock of a trial runs far ahead of the work.
  const budget = { ...defaultBudget, job: { ...defaultBudget.job, minutes: null } };
  await saveSettings(stage.butler, { budget }, 'person:test');
  const ledger = layLedger(stage.workspace);
  await writeFile(path.join(stage.workspace, pageFile), `${page.text}\n${page.rest}`);
  const hand = employ(crew, ledger.tool);
  return {
    run: async ([own, ...others], limits) => {
      const restarts = hand.give([own, ...others], limits);
      const job = await passingOver(stage, await stage.hand('butler', 'hello'));
      return {
        job,
        entries: await entriesOf(stage.butler.store, job),
        lines: await ledger.lines(job.id),
        told: await toldOf(stage, job),
        restarts: restarts(),
      };
    },
    verify: async () => (await stage.butler.store.verify()).state,
    close: crew.close,
  };
}

/** Puts the worker to work whose providers and Ability are those of the job at hand. */
function employ(crew: Crew, ledger: ReturnType<typeof layLedger>['tool']) {
  const { tools } = crew.stage.butler;
  const now: { providers: readonly Provider[]; ability: Ability | null; restarts: number } = {
    providers: [],
    ability: null,
    restarts: 0,
  };
  crew.work('worker', {
    tools: [...tools, ledger],
    mode: () => 'assisted',
    providers: () => now.providers,
    ability: async () => now.ability,
    emit: (passing) => {
      if (passing.kind === 'token' && passing.token === 'restart') now.restarts++;
    },
  });
  return {
    give: (providers: readonly [Provider, ...Provider[]], limits: Ability['limits']) => {
      const [own, ...others] = providers;
      now.providers = providers;
      now.restarts = 0;
      now.ability = Ability.parse({
        id: 'butler',
        name: 'Butler',
        origin: 'user',
        created: 0,
        updated: 0,
        provider: own.name,
        model: 'test-model',
        tools: ['read_file', ledger.name],
        fallbacks: others.map(({ name }) => ({ provider: name, model: 'test-model' })),
        ...(limits ? { limits } : {}),
      });
      return () => now.restarts;
    },
  };
}

/** Resolves with the job's end; the clock moves on, a minute at a time, while nothing comes. */
async function passingOver(stage: Stage, job: Job): Promise<Job> {
  const ended = stage.end(job);
  for (;;) {
    const end = await Promise.race([ended, setTimeout(8, null)]);
    if (end) return end;
    stage.wait(60_000);
  }
}

/** The turns that tell only of faults and of what was done against them. */
const tries: ReadonlySet<Turn['kind']> = new Set([
  'attempt',
  'switched',
  'network',
  'compacted',
  'recovered',
]);

async function toldOf(stage: Stage, { session }: Job): Promise<string> {
  const transcript = await stage.transcript(session);
  const turns = transcript.turns.filter(({ kind }) => !tries.has(kind));
  return told({ ...transcript, turns }, stage.workspace);
}
