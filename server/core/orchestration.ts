import type { Ability } from '../protocol/ability.ts';
import { bad, good, type Outcome } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import { delegateName, type Turn } from '../protocol/turn.ts';
import {
  builtInAgent,
  general,
  onFastModel,
  type Specialist,
  specialistsOf,
  tighterLimits,
} from './agents.ts';
import { type Obtained, obtainAnswer } from './answer.ts';
import { watchBudget } from './budget.ts';
import { choiceOf } from './chain.ts';
import type { Connections } from './connections.ts';
import { delegateTool } from './delegate.ts';
import type { JobDraft, JobRun } from './jobRun.ts';
import { isAllowed } from './mcp/names.ts';
import { factsOf, priceOf } from './models.ts';
import { chosenIn, routerRequest, type Step } from './router.ts';

/** How often a part of a job may be handed on in turn. */
const deepest = 2;

/**
 * The run as whoever does the job (SPEC C3): a specialist that the job was handed or routed to, else the Ability
 * itself. A job of an Ability with specialists is routed first, once: what was chosen is in the journal, and
 * holds for whoever takes the job over. It fails where a limit is reached and no more allowed.
 */
export async function orchestrated(run: JobRun, connections: Connections): Promise<Outcome<JobRun>> {
  const { ability, job, ports } = run;
  if (job.parent) return good(await asChild(run));
  if (!ability.agents?.length || ability.runtime || worksWithoutModel(run)) return good(run);
  const specialists = await specialistsOf(ability, ports, job.workspace);
  if (specialists.length > 1 && !isRouted(run)) {
    const overspent = await (await watchBudget(run)).check();
    if (overspent) return bad(overspent);
    if (!run.signal.aborted) await route(run, connections, specialists);
  }
  const agent = agentOf(run);
  const resolve = async (own: Ability) => {
    const now = own === ability ? specialists : await specialistsOf(own, ports, job.workspace);
    return (
      (now.find(({ name }) => name === agent) ?? now.find(({ name }) => name === general))?.ability ?? own
    );
  };
  return good(await as(run, resolve, agent === general && specialists.length > 1 ? specialists : []));
}

/** A specialist at work on a part of another job: within the limits of all the jobs above it. */
async function asChild(run: JobRun): Promise<JobRun> {
  const { ability, job, ports } = run;
  const above = await jobsAbove(run);
  const callers = await Promise.all(above.map((one) => ports.ability(one.ability, one.workspace)));
  const resolve = async (own: Ability) => {
    const agent = job.agent && job.agent !== own.id ? job.agent : null;
    const settings = await ports.store.settings();
    const specialist = agent === null ? null : builtInAgent(agent, own, settings, ports);
    const limits = callers.reduce<Ability['limits']>(
      (sum, one) => tighterLimits(sum, one?.limits),
      own.limits,
    );
    return { ...(specialist?.ability ?? own), limits };
  };
  const calls = job.agent === ability.id && ability.agents?.length && above.length < deepest;
  return as(run, resolve, calls ? await specialistsOf(ability, ports, job.workspace) : []);
}

/** A run that goes on with another prompt, other tools and another model, and may call in specialists. */
async function as(
  run: JobRun,
  resolve: (own: Ability) => Promise<Ability>,
  specialists: readonly Specialist[],
): Promise<JobRun> {
  const ability = await resolve(run.ability);
  const now = async (id: string, workspace: string) => {
    const own = await run.ports.ability(id, workspace);
    return own && resolve(own);
  };
  const { tools: names } = ability;
  const tools = run.ports.tools.filter(({ name }) => isAllowed(names, name));
  const ports = { ...run.ports, ability: now };
  if (specialists.length === 0) return { ...run, ability, tools, ports };
  const delegate = delegateTool(run, specialists);
  return {
    ...run,
    ability,
    tools: [...tools, delegate],
    ports: { ...ports, tools: [...ports.tools, delegate] },
  };
}

/** Asks who does the job and records it; whatever goes wrong with that, the Ability does it itself. */
async function route(
  run: JobRun,
  connections: Connections,
  specialists: readonly Specialist[],
): Promise<void> {
  const obtained = await askRouter(run, connections, specialists);
  if (obtained.kind === 'stopped' || run.signal.aborted) return;
  const answer = obtained.kind === 'answered' ? obtained : null;
  const steps = chosenIn(answer?.answer.parts ?? [], specialists);
  const agents = new Set(steps.map(({ agent }) => agent));
  const agent = agents.size === 1 ? (steps[0]?.agent ?? general) : general;
  await run.record(
    routedBy(agent, answer),
    ...(agents.size > 1 && answer ? [pipeline(run, steps, answer)] : []),
  );
}

async function askRouter(
  run: JobRun,
  connections: Connections,
  specialists: readonly Specialist[],
): Promise<Obtained> {
  const { ports } = run;
  const ability = onFastModel(run.ability, await ports.store.settings(), ports);
  const asked = routerRequest(specialists, run.transcript(), run.job.id);
  const quiet: JobRun = { ...run, ability, ports: { ...ports, emit: () => undefined } };
  return obtainAnswer(quiet, connections, async ({ model }) => ({
    request: { ...asked, model, deliverable: ability.deliverable },
    heard: 0,
  }));
}

type Answered = Extract<Obtained, { kind: 'answered' }>;

function routedBy(agent: string, answered: Answered | null): JobDraft {
  const by = answered && choiceOf(answered.by);
  const usage = answered?.answer.usage ?? null;
  const usd = answered && priceOf(factsOf(answered.by.provider.kind, answered.by.model), usage);
  return { type: 'job.routed', actor: 'worker', data: { agent, by, usage, usd } };
}

/** The choice of several, as the message in which the Ability itself calls them in one after another. */
function pipeline(run: JobRun, steps: readonly Step[], { by }: Answered): JobDraft {
  const asked = run.transcript().turns.find((turn) => turn.kind === 'person' && turn.job === run.job.id);
  const whole = asked?.kind === 'person' ? asked.text : '';
  const parts = steps.map(({ agent, task }, index) => ({
    kind: 'call' as const,
    call: `route-${index + 1}`,
    tool: delegateName,
    input: { agent, task: task || whole },
  }));
  return {
    type: 'message.added',
    data: { ...choiceOf(by), stop: 'calls', usage: null },
    content: { parts },
  };
}

/** Playbooks are no model's work, and a job that names its provider has nobody else in mind. */
function worksWithoutModel({ ability, job, ports, transcript }: JobRun): boolean {
  const asked = transcript().turns.find((turn) => turn.kind === 'person' && turn.job === job.id);
  if (asked?.kind === 'person' && asked.provider !== null) return true;
  return ports.providers().find(({ name }) => name === ability.provider)?.kind === 'offline';
}

/** A job that was answered before its Ability had specialists goes on as it began. */
function isRouted({ job, transcript }: JobRun): boolean {
  return transcript().turns.some((turn) => turn.job === job.id && begins.has(turn.kind));
}

const begins: ReadonlySet<Turn['kind']> = new Set(['routed', 'assistant']);

function agentOf({ job, transcript }: JobRun): string {
  const turn = transcript().turns.findLast((one) => one.kind === 'routed' && one.job === job.id);
  return turn?.kind === 'routed' ? turn.agent : general;
}

/** The jobs above one, the nearest first. */
async function jobsAbove({ job, ports }: JobRun): Promise<readonly Job[]> {
  const above: Job[] = [];
  for (let next = job.parent; next; next = above.at(-1)?.parent ?? null) {
    const parent = await ports.store.job(next);
    if (!parent) break;
    above.push(parent);
  }
  return above;
}
