import type { Limits } from '../protocol/cost.ts';
import type { Effect } from '../protocol/effect.ts';
import type { EntryData } from '../protocol/entryData.ts';
import { type Failure, failures } from '../protocol/failure.ts';
import { askForJob } from './jobQuestion.ts';
import type { JobRun } from './jobRun.ts';
import type { Spent } from './ports/store.ts';
import { priceOfEffects, promisedSince } from './promised.ts';

/** Watches what a run spends (DESIGN "Jobs"): at a limit a person is asked, before more is spent. */
export interface BudgetWatch {
  /** Waits for a person where a limit is reached; answers why the job must end, or `null` to go on. */
  check(): Promise<Failure | null>;
}

/** How long figures of other jobs are taken as they were read, in ms. */
const freshness = 5_000;

/**
 * Opens the watch of a run. What its own answers cost is added up at once; what its children, its parents and the
 * other jobs of the day spend is read from the store every few seconds, and always before a person is asked.
 */
export async function watchBudget(run: JobRun): Promise<BudgetWatch> {
  const { clock } = run.ports;
  const head = await headOf(run);
  const read = async () => ({ ...(await readFigures(run, head)), own: run.spent(), at: clock.now() });
  let known = await read();
  const reached = () =>
    gaugesOf(run, known).filter(({ used, allowed }) => allowed !== null && used >= allowed);
  return {
    check: async () => {
      if (clock.now() - known.at > freshness) known = await read();
      if (reached().length === 0) return null;
      known = await read();
      for (const gauge of reached()) {
        const isReached = async () => {
          known = await read();
          return reached().some(({ scope, limit }) => scope === gauge.scope && limit === gauge.limit);
        };
        const failure = await askForMore(run, gauge, isReached);
        if (failure || run.signal.aborted) return failure;
      }
      known = await read();
      return null;
    },
  };
}

/**
 * Asks a person before something is bought for which a limit of money is too small, with what others are about to
 * pay; answers why it must not be bought, or `null`.
 */
export async function allowSpending(run: JobRun, effects: readonly Effect[]): Promise<Failure | null> {
  const price = priceOfEffects(effects);
  if (price <= 0) return null;
  const head = await headOf(run);
  for (const gauge of await tooSmall(run, head, price)) {
    const isStill = async () => (await tooSmall(run, head, price)).some(({ scope }) => scope === gauge.scope);
    const failure = await askForMore(run, gauge, isStill);
    if (failure || run.signal.aborted) return failure;
  }
  return null;
}

/**
 * Looks once more when an execution is recorded: of two windows that allowed themselves the same money at the same
 * time, only the one that was recorded first may buy. Answers why this one must not, or `null`.
 */
export async function outspent(
  run: JobRun,
  effects: readonly Effect[],
  execution: string,
): Promise<Failure | null> {
  const price = priceOfEffects(effects);
  if (price <= 0) return null;
  const [gauge] = await tooSmall(run, await headOf(run), price, execution);
  if (!gauge) return null;
  const limit = `the limit of ${worded(gauge.limit, gauge.allowed ?? 0)} of this ${gauge.scope}`;
  return failures.denied(`Something else was bought just then, and ${limit} has no room for both.`, askAnew);
}

const askAnew = 'Ask for it anew: the person is asked then whether more may be spent.';

/** The limits of money that a price goes beyond, with what others promised, or promised before an execution. */
async function tooSmall(run: JobRun, head: Head, price: number, execution?: string): Promise<Gauge[]> {
  const { store, clock } = run.ports;
  const spent = run.spent();
  const gauges = gaugesOf(run, { ...(await readFigures(run, head)), own: spent });
  const since = Math.min(head.created, clock.midnight());
  const promises = await promisedSince(store, since);
  const own = promises.findIndex((one) => one.execution === execution);
  const others = promises.slice(0, own < 0 ? undefined : own).filter(({ job }) => job !== run.job.id);
  const family = others.length > 0 ? await familyOf(store, head.id) : new Set<string>();
  const promised = {
    day: others.reduce((sum, { usd }) => sum + usd, 0),
    job: others.reduce((sum, { job, usd }) => sum + (family.has(job ?? '') ? usd : 0), 0),
  };
  return gauges
    .map((gauge) => ({ ...gauge, used: gauge.used + promised[gauge.scope] + price, price }))
    .filter(({ limit, used, allowed }) => limit === 'usd' && allowed !== null && used > allowed);
}

/** What may run out, for a job with its children or for all jobs of a day. */
interface Gauge {
  readonly scope: 'job' | 'day';
  readonly limit: keyof Limits;
  readonly used: number;
  /** `null` is no limit. */
  readonly allowed: number | null;
  /** What of `used` is still to be spent, where it is about one thing that is dear. */
  readonly price?: number;
}

/**
 * Asks for twice as much, doubled again as long as even that is used already. What is allowed today says nothing of
 * another day; and where the limit is reached no more by then, the job goes on though nobody answered.
 */
async function askForMore(
  run: JobRun,
  { scope, limit, used, allowed, price }: Gauge,
  isReached: () => Promise<boolean>,
): Promise<Failure | null> {
  if (allowed === null) return null;
  const more = allowed * 2 ** (Math.floor(Math.log2(used / allowed)) + 1);
  const whose = scope === 'job' ? 'The job' : 'The day';
  const reached = `${whose} ${price ? 'would go beyond' : 'has reached'} its limit of ${worded(limit, allowed)}`;
  const answer = await askForJob(run, {
    asker: 'budget',
    title: `Go on ${scope === 'job' ? 'with this job' : 'today'}, up to ${worded(limit, more)}`,
    rule: `${reached}.`,
    effects: [{ kind: 'spend', amount: `up to ${worded(limit, more)}` }],
    exactly: { scope, limit, allowed: more, ...(scope === 'day' ? { day: run.ports.clock.midnight() } : {}) },
    text: `Used so far: ${worded(limit, used - (price ?? 0))}. The limit is set by "Butler: Set Budget".`,
  });
  if (answer.decision === 'stopped') return null;
  if (answer.decision !== 'denied' && !(await isReached())) return null;
  if (answer.decision !== 'approved') {
    const mend = 'Run "Butler: Set Budget" for another limit, or hand over a smaller piece.';
    return failures.denied(`${reached}, and no more was allowed: ${answer.reason}.`, mend);
  }
  const { approval } = answer;
  await run.record({ type: 'budget.raised', data: { scope, limit, allowed: more, approval } });
  return null;
}

/** What the store knows of the spending that a run's limits are about. */
async function readFigures({ ports: { store, clock } }: JobRun, head: Head) {
  const midnight = clock.midnight();
  const [settings, job, day, raised] = await Promise.all([
    store.settings(),
    store.spent({ job: head.id }),
    store.spent({ since: midnight }),
    store.entries({
      filter: { types: ['budget.raised'], since: Math.min(head.created, midnight) },
      after: 0,
      limit: 2000,
    }),
  ]);
  const family = raised.entries.length > 0 ? await familyOf(store, head.id) : new Set<string>();
  const allowed = raised.entries.flatMap((entry): Raise[] => {
    if (entry.type !== 'budget.raised') return [];
    const holds = entry.data.scope === 'day' ? entry.time >= midnight : family.has(entry.job ?? '');
    return holds ? [entry.data] : [];
  });
  return { budget: settings.budget, job, day, raised: allowed };
}

type Raise = EntryData<'budget.raised'>;
type Figures = Awaited<ReturnType<typeof readFigures>> & { readonly own: Spent };

/** Every limit, with what is used of it and what is allowed by now. */
function gaugesOf(run: JobRun, { budget, job, day, own, raised }: Figures): Gauge[] {
  const limits = run.ability.limits ?? {};
  const now = run.spent();
  const gauge = (scope: Gauge['scope'], limit: keyof Limits, used: number, set: number | null): Gauge => {
    const more = raised.filter((one) => one.scope === scope && one.limit === limit);
    return { scope, limit, used, allowed: set && Math.max(set, ...more.map(({ allowed }) => allowed)) };
  };
  const ofJob = (limit: keyof Limits, used: number) =>
    gauge('job', limit, used, tightest(budget.job[limit], limits[limit]));
  return [
    ofJob('usd', job.usd + now.usd - own.usd),
    ofJob('tokens', job.tokens + now.tokens - own.tokens),
    ofJob('rounds', job.rounds + now.rounds - own.rounds),
    ofJob('minutes', run.worked() / 60_000),
    gauge('day', 'usd', day.usd + now.usd - own.usd, budget.day.usd),
    gauge('day', 'tokens', day.tokens + now.tokens - own.tokens, budget.day.tokens),
  ];
}

/** An Ability's own limit holds where it is tighter: a file of a repository cannot raise one. */
function tightest(set: number | null, own: number | null | undefined): number | null {
  if (own === null || own === undefined) return set;
  return set === null ? own : Math.min(set, own);
}

/** The job at the head of a tree. */
interface Head {
  readonly id: string;
  readonly created: number;
}

async function headOf({ job, ports }: JobRun): Promise<Head> {
  let head = job;
  while (head.parent) {
    const parent = await ports.store.job(head.parent);
    if (!parent) break;
    head = parent;
  }
  return head;
}

/** Every job of the tree under a head, the head included. */
async function familyOf(store: JobRun['ports']['store'], head: string): Promise<Set<string>> {
  const family = new Set([head]);
  for (const job of family) {
    for (const child of await store.children(job)) family.add(child.id);
  }
  return family;
}

function worded(limit: keyof Limits, amount: number): string {
  const number = amount.toLocaleString('en', { maximumFractionDigits: 2 });
  return limit === 'usd' ? `$${number}` : `${number} ${limit}`;
}
