import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Session } from '../protocol/session.ts';
import { type AbilityPorts, findAbility } from './abilities.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';

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
 * Deletes a session and the content of its messages, with the sessions in which specialists worked for it; one that
 * works must be aborted first.
 */
export async function deleteSession(ports: SessionPorts, id: string, actor: string): Promise<Outcome<void>> {
  const found = await readSession(ports, id);
  if (!found.ok) return found;
  const all = [id];
  for (const parent of all) {
    const own = await ports.store.sessions({ parent, limit: mostSessions });
    all.push(...own.map((session) => session.id));
  }
  const drafts = all.map((stream) => ({ stream, type: 'session.deleted', actor, data: {} }) as const);
  const appended = await ports.store.append(drafts);
  return appended.ok ? good(undefined) : appended;
}

/** More than specialists ever open for one session. */
const mostSessions = 100_000;

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
