import * as z from 'zod';
import { AttachedFile, mostAttached } from './attachment.ts';
import { Cost } from './cost.ts';
import { Failure } from './failure.ts';
import { Id, Nothing, notification, request, Time } from './message.ts';
import { Mode } from './policy.ts';
import { Image } from './provider.ts';

/** The states of a job, exactly as SPEC B1 names them. */
export const JobState = z.enum([
  'needs_approval',
  'queued',
  'running',
  'completed',
  'failed',
  'aborting',
  'aborted',
]);
export type JobState = z.infer<typeof JobState>;

/** A `run` waits for a person before it starts; a `task` starts by itself (SPEC B1). */
export const JobKind = z.enum(['run', 'task']);
export type JobKind = z.infer<typeof JobKind>;

/** One piece of work handed to an Ability. */
export const Job = z.strictObject({
  id: Id,
  session: Id,
  ability: Id,
  kind: JobKind,
  /** Absolute path of the workspace folder. */
  workspace: z.string(),
  /** The first words of what was asked. */
  title: z.string(),
  state: JobState,
  /** Approvals that wait for a person now. */
  waiting: z.int().nonnegative(),
  /** The worker that runs it, while one does. */
  worker: z.string().nullable(),
  failure: Failure.nullable(),
  /** The job that handed this one to a specialist. */
  parent: Id.nullable(),
  /** The specialist that does it. */
  agent: z.string().nullable(),
  /** Whether it waits for the network to come back. */
  offline: z.boolean(),
  /** What it spent so far, its children not counted. */
  cost: Cost,
  created: Time,
  updated: Time,
});
export type Job = z.infer<typeof Job>;

/** Text longer than this belongs into a file. */
export const longestJobText = 100_000;

export const createJob = request('butler/job/create', {
  from: 'client',
  page: true,
  does: 'Hands a job to a session; without a session one is opened with the Ability named.',
  params: z.strictObject({
    session: Id.optional(),
    ability: Id.optional(),
    workspace: z.string().optional(),
    text: z.string().trim().min(1, 'must not be empty').max(longestJobText),
    kind: JobKind.default('task'),
    /** What was kept with `butler/image/add` before. */
    images: z.array(Image).max(20).optional(),
    /** What was kept with `butler/attachment/add` or `butler/attachment/addPart` before, each under another name. */
    files: z.array(AttachedFile).max(mostAttached).optional(),
    /** A job of the same session in whose place this one stands: its words said anew, or its answer asked anew. */
    replaces: Id.optional(),
    /** How much the person wants to be asked in this job; absent means as the surface says. */
    mode: Mode.optional(),
  }),
  result: Job,
});

export const addImage = request('butler/image/add', {
  from: 'client',
  page: true,
  does: 'Keeps an image to hand over with a job, made as small as models look at it.',
  params: z.strictObject({ data: z.base64().max(30_000_000) }),
  result: Image,
});

export const steerJob = request('butler/job/steer', {
  from: 'client',
  page: true,
  does: 'Says something to a job at work; it is heard before the next round. One that has ended refuses.',
  params: z.strictObject({ id: Id, text: z.string().trim().min(1, 'must not be empty').max(longestJobText) }),
  result: Job,
});

export const setJobMode = request('butler/job/setMode', {
  from: 'client',
  page: true,
  does: 'Sets how much a job asks from here on; what a protection asks for is asked in every mode.',
  params: z.strictObject({ id: Id, mode: Mode }),
  result: Job,
});

export const readJob = request('butler/job/read', {
  from: 'client',
  page: true,
  does: 'Reads one job.',
  params: z.strictObject({ id: Id }),
  result: Job,
});

export const listJobs = request('butler/job/list', {
  from: 'client',
  page: true,
  does: 'Lists jobs, newest first.',
  params: z.strictObject({
    state: JobState.optional(),
    session: Id.optional(),
    limit: z.int().min(1).max(1000).default(100),
  }),
  result: z.strictObject({ jobs: z.array(Job) }),
});

export const approveJob = request('butler/job/approve', {
  from: 'client',
  page: true,
  does: 'Lets a job that needs approval into the queue.',
  params: z.strictObject({ id: Id }),
  result: Job,
});

export const abortJob = request('butler/job/abort', {
  from: 'client',
  page: true,
  does: 'Aborts a job; a running one stops within a second.',
  params: z.strictObject({ id: Id }),
  result: Job,
});

/** What undoing one execution came to. */
export const UndoReport = z.strictObject({
  undone: z.array(
    z.strictObject({
      execution: Id,
      title: z.string(),
      /** What was left as it is all the same, in words. */
      note: z.string().optional(),
    }),
  ),
  conflicts: z.array(
    z.strictObject({
      execution: Id,
      title: z.string(),
      failure: Failure,
      /** What stands there against what undoing would bring, where it is text. */
      diffs: z
        .array(
          z.strictObject({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
        )
        .optional(),
    }),
  ),
});
export type UndoReport = z.infer<typeof UndoReport>;

export const undoJob = request('butler/job/undo', {
  from: 'client',
  page: true,
  does: 'Takes back the effects of a job, newest first; what changed since is reported, never overwritten.',
  params: z.strictObject({ id: Id, execution: Id.optional() }),
  result: UndoReport,
});

export const redoJob = request('butler/job/redo', {
  from: 'client',
  page: true,
  does: 'Does again what was taken back of a job, oldest first, or one execution; what changed since is reported, never overwritten.',
  params: z.strictObject({ id: Id, execution: Id.optional() }),
  result: UndoReport,
});

export const token = notification('butler/job/token', {
  from: 'worker',
  page: true,
  does: 'A piece of an answer on its way; the whole message follows in the journal and replaces it.',
  params: z.strictObject({
    job: Id,
    session: Id,
    kind: z.enum(['text', 'thinking', 'tool', 'restart']),
    text: z.string(),
  }),
});

export const AdminState = z.strictObject({
  /** Whether the panic switch is on: no job is claimed anywhere. */
  paused: z.boolean(),
  running: z.int().nonnegative(),
  queued: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
  /** What all jobs spent since midnight of this machine's day. */
  today: Cost,
});
export type AdminState = z.infer<typeof AdminState>;

export const readAdmin = request('butler/admin/state', {
  from: 'client',
  page: true,
  does: 'Says whether work is paused and how much runs and waits.',
  params: Nothing,
  result: AdminState,
});

export const pause = request('butler/admin/pause', {
  from: 'client',
  page: false,
  does: 'The panic switch: pauses every claim, in every window and process on this store.',
  params: Nothing,
  result: AdminState,
});

export const resume = request('butler/admin/resume', {
  from: 'client',
  page: false,
  does: 'Lets jobs be claimed again.',
  params: Nothing,
  result: AdminState,
});

export const jobMessages = [
  createJob,
  addImage,
  steerJob,
  setJobMode,
  readJob,
  listJobs,
  approveJob,
  abortJob,
  undoJob,
  redoJob,
  token,
  readAdmin,
  pause,
  resume,
];
