import {
  type Ability,
  type AbilityChange,
  AbilityDraft,
  type AbilityProblem,
  builtInAgents,
} from '../protocol/ability.ts';
import { bad, type Failure, failures, good, type Outcome } from '../protocol/failure.ts';
import { adminStream } from '../protocol/journal.ts';
import type { AbilityFiles } from './ports/abilityFiles.ts';
import type { Clock } from './ports/clock.ts';
import type { Provider } from './ports/provider.ts';
import type { Runtime } from './ports/runtime.ts';
import type { Store } from './ports/store.ts';
import type { Target } from './ports/target.ts';

/** What the Abilities need from outside core. */
export interface AbilityPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly files: AbilityFiles;
  providers(): readonly Provider[];
  readonly targets: readonly Target[];
  readonly runtimes: readonly Runtime[];
}

/** The Ability that is always there; a person may change it, then it is the user's. */
export const butlerAbility: Ability = {
  ...AbilityDraft.parse({
    name: 'Butler',
    description: 'Helps with whatever the workspace holds.',
    deliverable: 'document',
  }),
  id: 'butler',
  origin: 'builtin',
  created: 0,
  updated: 0,
};

/**
 * All Abilities: those of the workspaces, the user's, then the built-in one. Of several with one id the user's counts,
 * so that no file of a repository takes the place of what a person made (SECURITY S3).
 */
export async function listAbilities(
  ports: Pick<AbilityPorts, 'store' | 'files'>,
): Promise<{ abilities: Ability[]; problems: AbilityProblem[] }> {
  const [files, user] = await Promise.all([ports.files.read(), ports.store.abilities()]);
  const byId = new Map<string, Ability>();
  for (const ability of [...files.abilities, ...user, butlerAbility]) {
    if (ability.origin === 'user' || !byId.has(ability.id)) byId.set(ability.id, ability);
  }
  return { abilities: [...byId.values()], problems: files.problems };
}

/** The Ability of an id as a job in `workspace` sees it: the user's first, then that folder's own, never another folder's. */
export async function findAbility(
  ports: Pick<AbilityPorts, 'store' | 'files'>,
  id: string,
  workspace: string,
): Promise<Ability | null> {
  const [files, user] = await Promise.all([ports.files.read(), ports.store.abilities()]);
  const own = files.abilities.find((one) => one.id === id && one.workspace === workspace);
  return user.find((one) => one.id === id) ?? own ?? (id === butlerAbility.id ? butlerAbility : null);
}

/** Reads one Ability by its id. */
export async function readAbility(
  ports: Pick<AbilityPorts, 'store' | 'files'>,
  id: string,
): Promise<Outcome<Ability>> {
  const ability = (await listAbilities(ports)).abilities.find((one) => one.id === id);
  return ability ? good(ability) : bad(failures.notFound('Ability', id));
}

/** Creates an Ability, in the user's store or in the file of a workspace folder. */
export async function createAbility(
  ports: AbilityPorts,
  request: { draft: AbilityDraft; workspace?: string | undefined },
  actor: string,
): Promise<Outcome<Ability>> {
  const taken = (await listAbilities(ports)).abilities.map((ability) => ability.id);
  const fault = faultOf(ports, request.draft) ?? unknownAgent(request.draft, taken);
  if (fault) return fault;
  const id = freeId(request.draft.name, taken);
  if (request.workspace) return ports.files.save(request.workspace, id, request.draft);
  const now = ports.clock.now();
  return saveUser(ports, { ...request.draft, id, origin: 'user', created: now, updated: now }, actor);
}

/** Changes an Ability where it is kept; the built-in one becomes the user's by that. */
export async function updateAbility(
  ports: AbilityPorts,
  request: { id: string; change: AbilityChange },
  actor: string,
): Promise<Outcome<Ability>> {
  const found = await readAbility(ports, request.id);
  if (!found.ok) return found;
  const { id, origin, workspace, created, updated, ...before } = found.value;
  const draft: AbilityDraft = { ...before, ...withoutUndefined(request.change) };
  const others = (await listAbilities(ports)).abilities.map((ability) => ability.id);
  const fault = faultOf(ports, draft) ?? (request.change.agents ? unknownAgent(draft, others) : null);
  if (fault) return fault;
  if (origin === 'workspace' && workspace) return ports.files.save(workspace, id, draft);
  const now = ports.clock.now();
  return saveUser(ports, { ...draft, id, origin: 'user', created: created || now, updated: now }, actor);
}

/** Deletes an Ability; what it made stays. */
export async function deleteAbility(ports: AbilityPorts, id: string, actor: string): Promise<Outcome<void>> {
  const found = await readAbility(ports, id);
  if (!found.ok) return found;
  const { origin, workspace } = found.value;
  if (origin === 'builtin') {
    return bad(failures.denied('The built-in Ability cannot be deleted.', 'Change it instead.'));
  }
  if (origin === 'workspace' && workspace) return ports.files.remove(workspace, id);
  const appended = await ports.store.append([
    { stream: adminStream, type: 'ability.deleted', actor, data: { ability: id } },
  ]);
  return appended.ok ? good(undefined) : appended;
}

async function saveUser(ports: AbilityPorts, ability: Ability, actor: string): Promise<Outcome<Ability>> {
  const appended = await ports.store.append([
    { stream: adminStream, type: 'ability.saved', actor, data: { ability } },
  ]);
  return appended.ok ? good(ability) : appended;
}

/** What is wrong with a draft beyond its shape: a provider, runtime or target that does not exist, a config that does not fit. */
export function faultOf(
  ports: Pick<AbilityPorts, 'providers' | 'runtimes' | 'targets'>,
  draft: AbilityDraft,
): Outcome<never> | null {
  if (!ports.providers().some((provider) => provider.name === draft.provider)) {
    return unknown('provider', draft.provider, ports.providers());
  }
  const { runtime } = draft;
  if (runtime !== undefined && !ports.runtimes.some(({ name }) => name === runtime)) {
    return unknown('runtime', runtime, ports.runtimes);
  }
  const unfit = targetFault(ports.targets, draft);
  return unfit && bad(unfit);
}

/** What is wrong with the target of a draft: one that there is not, or a config that does not fit it. */
export function targetFault(
  targets: readonly Target[],
  { target: { type, config } }: Pick<AbilityDraft, 'target'>,
): Failure | null {
  const target = targets.find((one) => one.name === type);
  if (!target) return unknownFault('target.type', type, targets);
  const issue = target.config.safeParse(config).error?.issues[0];
  if (!issue) return null;
  const field = ['target.config', ...issue.path.map(String)].join('.');
  return failures.invalid(field, `"${field}": ${issue.message}.`, 'Correct that field.');
}

/** A specialist that there is not; one that goes away later is only left out. */
function unknownAgent({ agents = [] }: AbilityDraft, abilities: readonly string[]): Outcome<never> | null {
  const known = [...builtInAgents, ...abilities];
  const missing = agents.find((name) => !known.includes(name));
  return missing === undefined
    ? null
    : unknown(
        'agents',
        missing,
        known.map((name) => ({ name })),
      );
}

function unknown(field: string, name: string, known: readonly { name: string }[]): Outcome<never> {
  return bad(unknownFault(field, name, known));
}

function unknownFault(field: string, name: string, known: readonly { name: string }[]): Failure {
  const names = known.map((one) => one.name).join(', ');
  return failures.invalid(field, `"${field}": there is no "${name}".`, `Choose one of: ${names}.`);
}

/** A readable id from a name, with a number where it is taken. */
export function freeId(name: string, taken: readonly string[]): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48);
  const base = words || 'ability';
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number++) {
    if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
  }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(change: T): Present<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Present<T>;
}
