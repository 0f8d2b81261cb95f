import * as z from 'zod';
import { Id, Nothing, notification, request, Time } from './message.ts';

/** A command that an agent started, while it runs and shortly after. */
export const Process = z.strictObject({
  /** The execution that began it. */
  id: Id,
  job: Id,
  session: Id,
  command: z.string(),
  /** Absolute path. */
  cwd: z.string(),
  pid: z.int().positive(),
  started: Time,
  /** Whether the agent goes on while it runs; it ends with the job. */
  background: z.boolean(),
  sandboxed: z.boolean(),
  state: z.enum(['running', 'ended']),
  /** The exit code; `null` while it runs or where a signal ended it. */
  exit: z.int().nullable(),
});
export type Process = z.infer<typeof Process>;

export const listProcesses = request('butler/process/list', {
  from: 'client',
  page: true,
  does: 'Lists the commands that run in this worker now, oldest first.',
  params: z.strictObject({ job: Id.optional() }),
  result: z.strictObject({ processes: z.array(Process) }),
});

export const readProcess = request('butler/process/read', {
  from: 'client',
  page: true,
  does: 'Reads what a command wrote so far; of much, the newest part.',
  params: z.strictObject({ id: Id }),
  result: z.strictObject({ process: Process, output: z.string() }),
});

export const endProcess = request('butler/process/end', {
  from: 'client',
  page: true,
  does: 'Ends a command with all that it started.',
  params: z.strictObject({ id: Id }),
  result: Nothing,
});

export const processChanged = notification('butler/process/changed', {
  from: 'worker',
  page: true,
  does: 'A command began or ended.',
  params: z.strictObject({ process: Process }),
});

export const processOutput = notification('butler/process/output', {
  from: 'worker',
  page: true,
  does: 'What a command wrote, as it comes, without secrets.',
  params: z.strictObject({ id: Id, text: z.string() }),
});

export const processMessages = [listProcesses, readProcess, endProcess, processChanged, processOutput];
