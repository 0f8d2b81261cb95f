import { l10n, window } from 'vscode';
import { abortJob, approveJob, type Job, listJobs, redoJob, undoJob } from '../server/protocol/job.ts';
import { endProcess } from '../server/protocol/process.ts';
import { chooseJobMode } from './jobModes.ts';
import { type JobRow, stateWords } from './jobTree.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import { underWay } from './underWay.ts';
import { tellReport } from './undoReport.ts';

/** Shows the session of a job, or the one asked for. */
export async function showJob(parts: Parts, row?: JobRow): Promise<void> {
  const session =
    row?.kind === 'asked' ? row.asked.approval.session : (await jobOf(parts, row, () => true))?.session;
  if (session) await parts.chat.show({ session });
}

/** Lets a job into the queue that waits to be started. */
export async function startJob(parts: Parts, row?: JobRow): Promise<void> {
  const job = await jobOf(parts, row, ({ state }) => state === 'needs_approval');
  if (job) valueOrTell(await parts.worker.send(approveJob, { id: job.id }));
}

const active: readonly Job['state'][] = ['needs_approval', 'queued', 'running'];
const ended: readonly Job['state'][] = ['completed', 'failed', 'aborted'];

/** Aborts a job that has not ended. */
export async function stopJob(parts: Parts, row?: JobRow): Promise<void> {
  const job = await jobOf(parts, row, ({ state }) => active.includes(state));
  if (job) valueOrTell(await parts.worker.send(abortJob, { id: job.id }));
}

/** Takes back what a job did, after one more question, and shows what could not be. */
export async function undoWholeJob(parts: Parts, row?: JobRow): Promise<void> {
  const job = await jobOf(parts, row, ({ state }) => ended.includes(state));
  if (!job) return;
  const yes = l10n.t('Undo');
  const asked = l10n.t('Take back what the job "{0}" did?', plainText(job.title, 120));
  const detail = l10n.t('What changed since is shown to you and not overwritten.');
  if ((await window.showWarningMessage(asked, { modal: true, detail }, yes)) !== yes) return;
  const words = l10n.t('Taking back {0}', plainText(job.title, 80));
  const report = valueOrTell(
    await underWay(words, (cancel) => parts.worker.send(undoJob, { id: job.id }, cancel)),
  );
  if (!report) return;
  await tellReport(parts.previews, report, {
    done: (steps) => l10n.t('Butler took back {0} steps.', steps),
    conflicts: (titles) => l10n.t('Not everything could be taken back. {0}', titles),
  });
}

/** Does again what was taken back of a job, and shows what could not be. */
export async function redoWholeJob(parts: Parts, row?: JobRow): Promise<void> {
  const job = await jobOf(parts, row, ({ state }) => ended.includes(state));
  if (!job) return;
  const words = l10n.t('Doing {0} again', plainText(job.title, 80));
  const report = valueOrTell(
    await underWay(words, (cancel) => parts.worker.send(redoJob, { id: job.id }, cancel)),
  );
  if (!report) return;
  await tellReport(parts.previews, report, {
    done: (steps) => l10n.t('Butler did {0} steps again.', steps),
    conflicts: (titles) => l10n.t('Not everything could be done again. {0}', titles),
  });
}

/** Lets a person choose how much a job that goes on asks. */
export async function setModeOfJob(parts: Parts, row?: JobRow): Promise<void> {
  const job = await jobOf(parts, row, ({ state }) => active.includes(state));
  if (job) await chooseJobMode(parts.worker, job);
}

/** Ends a command that runs, with all that it started. */
export async function endCommand({ worker, board }: Parts, row?: JobRow): Promise<void> {
  const id = row?.kind === 'process' ? row.process.id : (await pickCommand(board))?.id;
  if (id) valueOrTell(await worker.send(endProcess, { id }));
}

/** Shows what a command writes in a terminal that takes no input. */
export async function showCommand({ terminals, board }: Parts, given?: JobRow | string): Promise<void> {
  const named = typeof given === 'string' ? given : given?.kind === 'process' ? given.process.id : undefined;
  const id = named ?? (await pickCommand(board))?.id;
  if (!id) return;
  const command = board.going.processes.find((process) => process.id === id)?.command;
  terminals.show({ id, command: command ?? l10n.t('Command') });
}

async function pickCommand(board: Parts['board']) {
  const rows = board.going.processes.map((process) => ({ label: plainText(process.command, 160), process }));
  const placeHolder = rows.length === 0 ? l10n.t('No command runs') : l10n.t('Which command?');
  return (await window.showQuickPick(rows, { placeHolder }))?.process;
}

/** The job of a row, or the one that a person picks among those that fit. */
async function jobOf(
  parts: Parts,
  row: JobRow | undefined,
  fits: (job: Job) => boolean,
): Promise<Job | undefined> {
  if (row?.kind === 'job') return row.job;
  const listed = valueOrTell(await parts.worker.send(listJobs, {}));
  const jobs = listed?.jobs.filter(fits) ?? [];
  const rows = jobs.map((job) => ({ label: plainText(job.title, 120), description: stateWords(job), job }));
  const placeHolder = rows.length === 0 ? l10n.t('There is no such job') : l10n.t('Which job?');
  return (await window.showQuickPick(rows, { placeHolder }))?.job;
}
