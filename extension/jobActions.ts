import { l10n, window } from 'vscode';
import { listAbilities } from '../server/protocol/ability.ts';
import { listDeliverables, publishDeliverable } from '../server/protocol/deliverable.ts';
import {
  abortJob,
  approveJob,
  createJob,
  type Job,
  listJobs,
  longestJobText,
  redoJob,
  undoJob,
} from '../server/protocol/job.ts';
import { endProcess } from '../server/protocol/process.ts';
import { chooseJobMode } from './jobModes.ts';
import { type JobRow, stateWords } from './jobTree.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { defaultAbility } from './settings.ts';
import { valueOrTell } from './tell.ts';
import { tellReport } from './undoReport.ts';

/** Asks for a job's Ability and text, hands it over and shows it. */
export async function handOverJob({ worker, chat }: Parts): Promise<void> {
  const listed = valueOrTell(await worker.send(listAbilities, {}));
  if (!listed) return;
  const preset = defaultAbility();
  const rows = listed.abilities
    .toSorted((one, two) => Number(two.id === preset) - Number(one.id === preset))
    .map(({ id, name, description }) => ({ label: plainText(name, 80), detail: plainText(description), id }));
  const title = l10n.t('Butler: Hand Over a Job');
  const picked = await window.showQuickPick(rows, { title, placeHolder: l10n.t('To which Ability?') });
  if (!picked) return;
  const text = await window.showInputBox({
    title,
    prompt: l10n.t('What shall {0} do?', picked.label),
    ignoreFocusOut: true,
    validateInput: (value) => (value.length > longestJobText ? l10n.t('That is too long.') : undefined),
  });
  if (!text?.trim()) return;
  const job = valueOrTell(await worker.send(createJob, { ability: picked.id, text }));
  if (job) await chat.show({ session: job.session });
}

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
  const report = valueOrTell(await parts.worker.send(undoJob, { id: job.id }));
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
  const report = valueOrTell(await parts.worker.send(redoJob, { id: job.id }));
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

/** Publishes a deliverable again, as a job that asks before it acts. */
export async function publishAgain({ worker, chat }: Parts): Promise<void> {
  const listed = valueOrTell(await worker.send(listDeliverables, {}));
  if (!listed) return;
  const rows = listed.deliverables.map(({ id, session, title, type, created, published }) => ({
    label: plainText(title, 120),
    description: `${type} · ${new Date(created).toLocaleString()}`,
    detail: published ? plainText(published.location) : l10n.t('not published'),
    id,
    session,
  }));
  const none = l10n.t('There is no deliverable yet');
  const picked = await window.showQuickPick(rows, {
    title: l10n.t('Butler: Publish Again'),
    placeHolder: rows.length === 0 ? none : l10n.t('Which deliverable?'),
    matchOnDetail: true,
  });
  if (!picked) return;
  const job = valueOrTell(await worker.send(publishDeliverable, { id: picked.id }));
  if (job) await chat.show({ session: picked.session });
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
