import type { Effect, EffectKind } from '../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import { adminStream } from '../protocol/journal.ts';
import type { Holder, Need, Permission } from '../protocol/permission.ts';
import type { Store } from './ports/store.ts';
import type { Tool } from './ports/tool.ts';

/** Whoever needs permissions, before anybody was asked. */
export interface HolderFacts {
  /** `tool:run_command`, `mcp:github`. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly needs: readonly Need[];
}

/** What the permissions need from outside core. */
export interface PermissionPorts {
  readonly store: Store;
  readonly tools: readonly Tool[];
  /** Holders beside the built-in tools, as the servers that a person added. */
  holders(): Promise<readonly HolderFacts[]>;
}

/** Every holder with what it needs and how that stands. */
export async function listPermissions(ports: PermissionPorts): Promise<Holder[]> {
  const kept = await ports.store.kept('permission');
  const all = [...ports.tools.map(factsOf), ...(await ports.holders())];
  return all.map((holder) => ({
    ...holder,
    needs: holder.needs.map((need) => ({ ...need, state: stateOf(kept, holder.id, need.permission) })),
  }));
}

/** Whether a holder has a permission now; it has none that it does not need. */
export async function checkPermission(
  ports: PermissionPorts,
  { holder, permission }: { readonly holder: string; readonly permission: Permission },
): Promise<Outcome<{ granted: boolean }>> {
  const found = (await listPermissions(ports)).find(({ id }) => id === holder);
  if (!found) return bad(failures.notFound('holder', holder));
  const need = found.needs.find((one) => one.permission === permission);
  return good({ granted: need?.state === 'granted' });
}

/** Gives or takes a permission; from then on every call that needs one that was taken is refused. */
export async function changePermission(
  ports: PermissionPorts,
  change: { readonly holder: string; readonly permission: Permission; readonly granted: boolean },
  actor: string,
): Promise<Outcome<Holder>> {
  const find = async () => (await listPermissions(ports)).find(({ id }) => id === change.holder);
  const found = await find();
  if (!found) return bad(failures.notFound('holder', change.holder));
  if (!found.needs.some(({ permission }) => permission === change.permission)) {
    const all = found.needs.map(({ permission }) => permission).join(', ') || 'nothing';
    const what = `"${found.title}" does not need "${change.permission}".`;
    return bad(failures.invalid('permission', what, `It needs: ${all}.`));
  }
  const data = { holder: change.holder, permission: change.permission, granted: change.granted };
  const appended = await ports.store.append([
    { stream: adminStream, type: 'permission.changed', actor, data },
  ]);
  return appended.ok ? good((await find()) ?? found) : appended;
}

/**
 * Why a call of a tool is refused before anything is planned, else `null`: a need of somebody else's tool that was not
 * given, or of ours the first one, which every call has. What else ours may need, the plan tells.
 */
export async function revoked(
  store: Pick<Store, 'kept'>,
  tool: Pick<Tool, 'name' | 'holder' | 'needs'>,
): Promise<string | null> {
  return missingOf(store, tool, always(tool));
}

/**
 * Why a plan of a tool is refused as permissions stand now, else `null`: beside what every call needs, it would do what
 * its tool has no permission for, or never said it needs.
 */
export async function unpermitted(
  store: Pick<Store, 'kept'>,
  tool: Pick<Tool, 'name' | 'holder' | 'needs'>,
  effects: readonly Effect[],
): Promise<string | null> {
  const { needs } = tool;
  if (!needs || !isOwn(tool)) return revoked(store, tool);
  const wanted = [...new Set(effects.flatMap(({ kind }) => permissionFor[kind] ?? []))];
  const undeclared = wanted.find((one) => !needs.some(({ permission }) => permission === one));
  const missing = await missingOf(store, tool, [...always(tool), ...(undeclared ? [] : wanted)]);
  if (missing || !undeclared) return missing;
  return `${holderOf(tool)} never said that it needs "${undeclared}".`;
}

/** What every call of a tool needs. */
function always(tool: Pick<Tool, 'name' | 'holder' | 'needs'>): Permission[] {
  const { needs = [] } = tool;
  const every = isOwn(tool) ? needs.filter((need, at) => at === 0 || !kindsWith.has(need.permission)) : needs;
  return every.map(({ permission }) => permission);
}

/** What an effect needs; a tool of a server needs what the server does. */
const permissionFor: Readonly<Record<EffectKind, Permission | null>> = {
  read: 'read',
  write: 'write',
  delete: 'delete',
  run: 'run',
  network: 'network',
  publish: 'publish',
  send: 'send',
  spend: 'spend',
  configure: 'write',
  ask: 'person',
  mcp: null,
};
/** The permissions of which a plan tells whether a call needs them. */
const kindsWith: ReadonlySet<Permission | null> = new Set(Object.values(permissionFor));

async function missingOf(
  store: Pick<Store, 'kept'>,
  tool: Pick<Tool, 'name' | 'holder'>,
  wanted: readonly Permission[],
): Promise<string | null> {
  if (wanted.length === 0) return null;
  const kept = await store.kept('permission');
  const holder = holderOf(tool);
  const missing = wanted.find((permission) => stateOf(kept, holder, permission) !== 'granted');
  if (!missing) return null;
  return stateOf(kept, holder, missing) === 'revoked'
    ? `The person took "${missing}" from ${holder}.`
    : `${holder} needs "${missing}", and the person was not asked yet. Say that it can be given under "Manage Permissions".`;
}

/** Who a tool's permissions are given to. */
export function holderOf({ name, holder }: Pick<Tool, 'name' | 'holder'>): string {
  return holder ?? `${ownPrefix}${name}`;
}

const ownPrefix = 'tool:';
const isOwn = (tool: Pick<Tool, 'name' | 'holder'>) => holderOf(tool).startsWith(ownPrefix);

function factsOf(tool: Tool): HolderFacts {
  const { name, description, needs = [] } = tool;
  return { id: holderOf(tool), title: name, about: description, needs };
}

/** Our own tools have what they need until a person takes it; anyone else has nothing until a person gives it. */
function stateOf(
  kept: Readonly<Record<string, { readonly granted: boolean }>>,
  holder: string,
  permission: Permission,
): Holder['needs'][number]['state'] {
  const known = kept[`${holder} ${permission}`];
  if (known) return known.granted ? 'granted' : 'revoked';
  return holder.startsWith(ownPrefix) ? 'granted' : 'unasked';
}
