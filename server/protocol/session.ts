import * as z from 'zod';
import { Id, Nothing, notification, request, Time } from './message.ts';

/** A session is what its newest job is (SPEC A2). */
export const SessionState = z.enum(['idle', 'running', 'completed', 'failed']);
export type SessionState = z.infer<typeof SessionState>;

/** A conversation with one Ability in one workspace folder (SPEC A2). */
export const Session = z.strictObject({
  id: Id,
  ability: Id,
  /** Absolute path of the workspace folder its jobs work in. */
  workspace: z.string(),
  /** The first words of its first job, or a name that a person gave. */
  title: z.string(),
  /** The session whose job opened this one for a specialist. */
  parent: Id.nullable(),
  state: SessionState,
  created: Time,
  updated: Time,
});
export type Session = z.infer<typeof Session>;

export const listSessions = request('butler/session/list', {
  from: 'client',
  page: true,
  does: 'Lists sessions, newest first, of one Ability or of all.',
  params: z.strictObject({ ability: Id.optional(), limit: z.int().min(1).max(500).default(100) }),
  result: z.strictObject({ sessions: z.array(Session) }),
});

export const createSession = request('butler/session/create', {
  from: 'client',
  page: true,
  does: 'Opens a new, empty session with an Ability.',
  params: z.strictObject({ ability: Id, workspace: z.string().optional() }),
  result: Session,
});

export const renameSession = request('butler/session/rename', {
  from: 'client',
  page: true,
  does: 'Gives a session a title.',
  params: z.strictObject({ id: Id, title: z.string().trim().min(1).max(120) }),
  result: Session,
});

export const forkSession = request('butler/session/fork', {
  from: 'client',
  page: true,
  does: 'Opens a new session that begins with all that was said in another one up to a place in one of its jobs.',
  params: z.strictObject({
    id: Id,
    job: Id,
    /** Behind the job, behind the message with this number and the results of its calls, or before its first word. */
    at: z.union([z.literal(['start', 'end']), z.int().positive()]).default('end'),
  }),
  result: Session,
});

export const deleteSession = request('butler/session/delete', {
  from: 'client',
  page: true,
  does: 'Takes a session out of the lists and deletes the content of its messages; the journal stays provable.',
  params: z.strictObject({ id: Id }),
  result: Nothing,
});

export const showSession = notification('butler/session/show', {
  from: 'worker',
  page: true,
  does: 'A code action or command began something in this session; show it.',
  params: z.strictObject({ session: Id }),
});

export const sessionMessages = [
  listSessions,
  createSession,
  renameSession,
  forkSession,
  deleteSession,
  showSession,
];
