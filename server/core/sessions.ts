import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Session } from '../protocol/session.ts';
import { type AbilityPorts, findAbility } from './abilities.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';
import type { UndoRoomPorts } from './undoQuota.ts';

/** What sessions need from outside core. */
export interface SessionPorts extends Pick<AbilityPorts, 'store' | 'files'> {
  readonly store: Store;
  readonly clock: Clock;
  /** The workspace folders in hand, the first one being the default. */
  workspaces(): readonly string[];
}

/** Opens a session with an Ability in a workspace folder. */
export async function createSession(
  ports: SessionPorts,
  request: { ability: string; workspace?: string | undefined },
  actor: string,
): Promise<Outcome<Session>> {
  const workspace = chooseWorkspace(ports, request.workspace);
  if (!workspace.ok) return workspace;
  const ability = await findAbility(ports, request.ability, workspace.value);
  if (!ability) return bad(failures.notFound('Ability', request.ability));
  const id = ports.clock.id();
  const appended = await ports.store.append([
    {
      stream: id,
      type: 'session.created',
      actor,
      data: { session: id, ability: ability.id, workspace: workspace.value },
    },
  ]);
  return appended.ok ? readSession(ports, id) : appended;
}

/** Gives a session a title. */
export async function renameSession(
  ports: SessionPorts,
  request: { id: string; title: string },
  actor: string,
): Promise<Outcome<Session>> {
  const found = await readSession(ports, request.id);
  if (!found.ok) return found;
  const content = { title: request.title };
  const appended = await ports.store.append([
    { stream: request.id, type: 'session.renamed', actor, data: {}, content },
  ]);
  return appended.ok ? readSession(ports, request.id) : appended;
}

/**
 * Deletes a session with the content of its messages, what its commands kept to be taken back, and the sessions in which
 * specialists worked for it; one that works must be aborted first.
 */
export async function deleteSession(
  ports: SessionPorts & Pick<UndoRoomPorts, 'snapshots'>,
  id: string,
  actor: string,
): Promise<Outcome<void>> {
  const { store, snapshots } = ports;
  const found = await readSession(ports, id);
  if (!found.ok) return found;
  const all = [id];
  for (const parent of all) {
    const own = await store.sessions({ parent, limit: most });
    all.push(...own.map((session) => session.id));
  }
  const executions = await executionsOf(store, all);
  const drafts = all.map((stream) => ({ stream, type: 'session.deleted', actor, data: {} }) as const);
  const appended = await store.append(drafts);
  if (!appended.ok) return appended;
  await snapshots.forget(executions, new AbortController().signal);
  return good(undefined);
}

async function executionsOf(store: Store, sessions: readonly string[]): Promise<string[]> {
  const jobs = await Promise.all(sessions.map((session) => store.jobs({ session, limit: most })));
  const executions = await Promise.all(jobs.flat().map((job) => store.executions(job.id)));
  return executions.flat().map(({ id }) => id);
}

/** More sessions than specialists ever open for one, and more jobs than one ever has. */
const most = 100_000;

/** Reads one session. */
export async function readSession(ports: Pick<SessionPorts, 'store'>, id: string): Promise<Outcome<Session>> {
  const session = await ports.store.session(id);
  return session ? good(session) : bad(failures.notFound('session', id));
}

function chooseWorkspace(ports: SessionPorts, wanted: string | undefined): Outcome<string> {
  const folders = ports.workspaces();
  const folder = wanted ?? folders[0];
  if (!folder) {
    return bad(
      failures.invalid(
        'workspace',
        'There is no workspace folder to work in.',
        'Open a folder, then try again.',
      ),
    );
  }
  if (!folders.includes(folder)) {
    const mend = `Choose one of: ${folders.join(', ')}.`;
    return bad(failures.invalid('workspace', `"${folder}" is not an open workspace folder.`, mend));
  }
  return good(folder);
}
