import { bad, failures, fromIssues, good, type Outcome } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { ResultOf } from '../protocol/message.ts';
import type { explainPolicy, Mode } from '../protocol/policy.ts';
import { butlerAbility } from './abilities.ts';
import { guarded } from './guarded.ts';
import type { RunPorts } from './jobRun.ts';
import { unpermitted } from './permissions.ts';
import { decide, type Situation, weigh } from './policy/decide.ts';
import { toolContext } from './toolContext.ts';

/** What is asked about: a call of a tool as the agent would make it. */
export interface Supposed {
  readonly workspace?: string | undefined;
  readonly ability?: string | undefined;
  readonly mode: Mode;
  readonly tool: string;
  readonly input: unknown;
}

/** What the policy would decide on a call, and every rule that was weighed; the call is planned, and nothing is done. */
export async function explain(
  ports: RunPorts & { workspaces(): readonly string[] },
  supposed: Supposed,
): Promise<Outcome<ResultOf<typeof explainPolicy>>> {
  const place = workspaceOf(ports.workspaces(), supposed.workspace);
  if (!place.ok) return place;
  const workspace = place.value;
  const ability = await ports.ability(supposed.ability ?? butlerAbility.id, workspace);
  if (!ability) return bad(failures.notFound('Ability', supposed.ability ?? ''));
  const tools = [...ports.tools, ...(await ports.serverTools(workspace, ability))];
  const tool = tools.find(({ name }) => name === supposed.tool);
  if (!tool) return bad(failures.notFound('tool', supposed.tool));
  const input = tool.input.safeParse(supposed.input);
  if (!input.success) return bad(fromIssues(input.error, 'input'));
  const { signal } = new AbortController();
  const context = toolContext(
    { ports, ability, signal, job: nobodys(workspace, ability.id) },
    ports.clock.id(),
  );
  const planned = await guarded(() => tool.plan(input.data, context));
  if (!planned.ok) return planned;
  const { title, effects } = planned.value;
  const taken = await unpermitted(ports.store, tool, effects);
  if (taken) {
    return good({
      decision: 'deny',
      rule: taken,
      protected: true,
      source: 'user',
      title,
      effects: [...effects],
      weighed: [],
    });
  }
  const situation: Situation = {
    tool: tool.name,
    ability: ability.id,
    workspace,
    mode: supposed.mode,
    trusted: true,
    grants: [],
    policies: await ports.policyFiles.of(workspace),
  };
  const { decision, rule, protected: isProtected, source } = decide(effects, situation);
  const weighed = weigh(effects, situation).flatMap(({ verdict }) =>
    verdict.effect ? [{ ...verdict, effect: verdict.effect }] : [],
  );
  return good({
    decision,
    rule,
    protected: isProtected,
    source,
    title,
    effects: [...effects],
    weighed: weighed.map((one) => ({
      effect: one.effect,
      decision: one.decision,
      rule: one.rule,
      source: one.source,
    })),
  });
}

function workspaceOf(open: readonly string[], wanted: string | undefined): Outcome<string> {
  const found = wanted === undefined ? open[0] : open.find((one) => one === wanted);
  if (found) return good(found);
  return bad(failures.invalid('workspace', 'This folder is not open here.', 'Open it first.'));
}

/** A job that is nowhere, for planning wants one. */
function nobodys(workspace: string, ability: string): Job {
  return {
    id: 'nobody',
    session: 'nobody',
    ability,
    kind: 'task',
    workspace,
    title: '',
    state: 'running',
    waiting: 0,
    worker: null,
    failure: null,
    parent: null,
    agent: null,
    offline: false,
    cost: { tokens: 0, usd: 0, unpriced: false },
    created: 0,
    updated: 0,
  };
}
