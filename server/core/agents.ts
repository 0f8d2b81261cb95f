import type { Ability } from '../protocol/ability.ts';
import type { Limits } from '../protocol/cost.ts';
import type { ModelChoice } from '../protocol/provider.ts';
import type { Settings } from '../protocol/settings.ts';
import data from './agents.json' with { type: 'json' };
import { candidateOf, mayTell } from './chain.ts';
import type { RunPorts } from './jobRun.ts';
import { readOutputName } from './outputs.ts';
import type { Provider } from './ports/provider.ts';

/** Who does a job, or a part of one, for an Ability (SPEC C3). */
export interface Specialist {
  /** What an Ability, the router and `delegate` name it by. */
  readonly name: string;
  readonly title: string;
  /** In one line, when it is the right one. */
  readonly when: string;
  /** The Ability that asked for it, as it is while the specialist works; or the Ability that it is itself. */
  readonly ability: Ability;
}

/** A specialist that comes with the product, as the list of them has it. */
interface ListedAgent {
  readonly name: string;
  readonly title: string;
  readonly when: string;
  readonly persona: string;
  /** The tools that it may use, where the Ability may; absent means all that the Ability may. */
  readonly tools?: readonly string[];
  /** Whose model it thinks with. */
  readonly model: string;
}

const listed: readonly ListedAgent[] = data.agents;

/** The specialist that does what no other one is for: the Ability itself. */
export const general = 'general';

/** What choosing specialists needs from outside core. */
export type AgentPorts = Pick<RunPorts, 'ability' | 'providers' | 'store'>;

/**
 * The specialists that an Ability names, `general` always among them. A name means an Ability of that id before
 * a specialist that comes with the product; one that is not there, or would take the job from this machine into
 * the cloud without the person's consent, is left out.
 */
export async function specialistsOf(
  ability: Ability,
  ports: AgentPorts,
  workspace: string,
): Promise<readonly Specialist[]> {
  const settings = await ports.store.settings();
  const names = new Set([...(ability.agents ?? []), general]);
  const found = await Promise.all(
    [...names].map(async (name) => {
      const other = name === ability.id ? null : await ports.ability(name, workspace);
      if (!other) return builtInAgent(name, ability, settings, ports);
      return thinkingWith(ability, other, settings, ports) ? asAgent(other, ability) : null;
    }),
  );
  return found.filter((one) => one !== null);
}

/** A specialist that comes with the product, at work for an Ability; `null` where there is none of that name. */
export function builtInAgent(
  name: string,
  ability: Ability,
  settings: Settings,
  ports: Pick<AgentPorts, 'providers'>,
): Specialist | null {
  const agent = listed.find((one) => one.name === name);
  if (!agent) return null;
  const { title, when, persona } = agent;
  const thinking = agent.model === 'fast' ? onFastModel(ability, settings, ports) : ability;
  const prompt = [persona, ability.prompt.trim()].filter(Boolean).join('\n\n');
  const tools = toolsOf(agent, ability);
  return { name, title, when, ability: { ...thinking, prompt, ...(tools ? { tools } : {}) } };
}

/**
 * An Ability that thinks with the fast model of the settings, and goes on with its own where that does not
 * answer; unchanged where there is none or the job may not leave this machine for it.
 */
export function onFastModel(
  ability: Ability,
  settings: Settings,
  ports: Pick<AgentPorts, 'providers'>,
): Ability {
  const { fast } = settings;
  const other = fast && thinkingWith(ability, fast, settings, ports);
  if (!other || other.kind === 'offline') return ability;
  const { provider, model } = ability;
  const fallbacks = [{ provider, model }, ...(ability.fallbacks ?? settings.fallbacks)];
  return { ...ability, ...fast, fallbacks };
}

type OwnLimits = NonNullable<Ability['limits']>;

/** The limits of both, the tighter one of each kind. */
export function tighterLimits(one: OwnLimits = {}, other: OwnLimits = {}): Partial<Limits> {
  const kinds = [...Object.keys(one), ...Object.keys(other)] as (keyof Limits)[];
  return Object.fromEntries(
    kinds.map((kind) => {
      const set = [one[kind], other[kind]].filter((limit) => typeof limit === 'number');
      return [kind, set.length > 0 ? Math.min(...set) : null];
    }),
  );
}

/** An Ability as a specialist of another one, within the limits of both. */
function asAgent(ability: Ability, caller: Ability): Specialist {
  const { id, name, description, deliverable } = ability;
  const limits = tighterLimits(ability.limits, caller.limits);
  return {
    name: id,
    title: name,
    when: description || `makes: ${deliverable}`,
    ability: { ...ability, limits },
  };
}

/** The provider of a choice, where it is there and may be told what an Ability's own one is. */
function thinkingWith(
  ability: Ability,
  choice: ModelChoice,
  { cloudFallback }: Settings,
  ports: Pick<AgentPorts, 'providers'>,
): Provider | null {
  const find = ({ provider, model }: ModelChoice) => {
    const found = ports.providers().find((one) => one.name === provider);
    return found && candidateOf(found, model);
  };
  const [own, other] = [find(ability), find(choice)];
  return other && (!own || mayTell(own, other, cloudFallback)) ? other.provider : null;
}

/** A tool is used only where both allow it; reading on in a cut result changes nothing and is always there. */
function toolsOf({ tools }: ListedAgent, ability: Ability): string[] | undefined {
  if (!tools) return ability.tools;
  const own = ability.tools;
  return [...(own ? tools.filter((tool) => own.includes(tool)) : tools), readOutputName];
}
