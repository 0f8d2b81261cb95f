import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commands, env, FileSystemError, TabInputTextDiff, Uri, window, workspace } from 'vscode';
import { filesOf, handOver } from '../../extension/handOver.ts';
import type { ArtifactRow } from '../../extension/jobArtifacts.ts';
import type { JobRow } from '../../extension/jobTree.ts';
import type { Parts } from '../../extension/parts.ts';
import { takeBack } from '../../extension/publicationActs.ts';
import { PublishNotices } from '../../extension/publishNotices.ts';
import { exportInto } from '../../extension/saveDeliverable.ts';
import { StoredFiles } from '../../extension/storedFiles.ts';
import { mostAttached } from '../../server/protocol/attachment.ts';
import { listPublications, type PublicationRecord } from '../../server/protocol/deliverable.ts';
import { bad, failures } from '../../server/protocol/failure.ts';
import { type Job, listJobs } from '../../server/protocol/job.ts';
import { activeParts, folder, until, valueIn } from './parts.ts';
import { accepted } from './press.ts';
import { decided, publishSite } from './siteJob.ts';

describe('what went into a job and what came out', () => {
  let parts: Parts;
  let place: string;
  let job: Job;
  let record: PublicationRecord;
  before(async () => {
    parts = await activeParts();
    place = await mkdtemp(path.join(tmpdir(), 'butler-artifacts-'));
    job = await publishSite(parts);
    const listed = valueIn(await parts.worker.send(listPublications, { session: job.session }));
    const [first] = listed.publications;
    assert.ok(first);
    record = first;
  });
  after(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await rm(place, { recursive: true, force: true });
  });

  it('stands below it in the tree: the files handed over, which open, and the deliverables', async () => {
    const file = path.join(place, 'tides of März #1.txt');
    await writeFile(file, 'High water at noon.');
    const order = { ability: 'butler', text: '/stats', files: [file] };
    const asked = valueIn(await handOver(parts.worker, order));
    const { board } = parts;
    await until(board.onChange, () => board.going.jobs.some(({ id }) => id === asked.id));
    const attached = await artifactsOf(parts, asked);
    assert.deepEqual(kindsOf(attached), ['attached']);
    const item = parts.jobs.getTreeItem(attached[0] as JobRow);
    assert.equal(item.contextValue, 'attached');
    await commands.executeCommand('butler.attachment.open', attached[0]);
    const uri = parts.attached.uriOf(asked.id, path.basename(file));
    assert.equal((await workspace.openTextDocument(uri)).getText(), 'High water at noon.');
    const [made] = await artifactsOf(parts, job);
    assert.ok(made?.kind === 'deliverable' && made.deliverable.published);
    assert.equal(parts.jobs.getTreeItem(made).contextValue, 'deliverable');
  });

  it('takes the files that the explorer names, and no more than one job may have', async () => {
    const uris = Array.from({ length: mostAttached + 1 }, (_, at) => Uri.file(path.join(place, `${at}.txt`)));
    const files = filesOf(uris[0], [...uris, Uri.parse('untitled:one')]);
    assert.equal(files.length, uris.length);
    const refused = await handOver(parts.worker, { ability: 'butler', text: '/stats', files });
    assert.equal(!refused.ok && refused.failure.field, 'files');
    assert.deepEqual(filesOf(uris[0], undefined), [uris[0]?.fsPath]);
    assert.deepEqual(filesOf('no file', undefined), []);
  });

  it('is saved where a person says, whole or under another name', async () => {
    const { deliverable: id, files } = record;
    const saved = await exportInto(parts.worker, record.title, { id, folder: path.join(place, 'all') });
    assert.equal(saved?.files, files);
    const one = { id, folder: place, paths: ['index.html'], name: 'first.html', replace: true };
    assert.equal((await exportInto(parts.worker, record.title, one))?.files, 1);
    const bytes = await readFile(path.join(place, 'first.html'));
    assert.deepEqual(bytes, await readFile(path.join(place, 'all/index.html')));
  });

  it('is shown in the chat, and its address copied, from the row of its publication', async () => {
    const row = { kind: 'publication', record };
    await commands.executeCommand('workbench.view.explorer');
    await hold(() => !parts.chat.visible);
    await commands.executeCommand('butler.publication.show', row);
    await hold(() => parts.chat.visible);
    await commands.executeCommand('butler.publication.copy', row);
    assert.equal(await env.clipboard.readText(), record.publication.location);
    await commands.executeCommand('butler.publication.preview', row);
    assert.deepEqual(parts.looks.open, [record.deliverable]);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is published again from its row, as a job that asks', async () => {
    const before = valueIn(await parts.worker.send(listJobs, { session: job.session })).jobs;
    await commands.executeCommand('butler.deliverable.publish', { kind: 'publication', record });
    const after = valueIn(await parts.worker.send(listJobs, { session: job.session })).jobs;
    const [fresh] = after.filter(({ id }) => !before.some((one) => one.id === id));
    assert.ok(fresh);
    await decided(parts, fresh.id, 'deny');
  });

  it('is compared with another version of it as the worker tells them apart', async () => {
    const source = Uri.file(path.join(folder(), 'README.md'));
    const text = await workspace.fs.readFile(source);
    await workspace.fs.writeFile(source, Buffer.concat([text, Buffer.from('\nOne more line.\n')]));
    const later = await publishSite(parts);
    await workspace.fs.writeFile(source, text);
    const [made] = await artifactsOf(parts, later);
    const diff = () => window.tabGroups.activeTabGroup.activeTab?.input;
    await accepted(commands.executeCommand('butler.deliverable.compare', made));
    await hold(() => diff() instanceof TabInputTextDiff);
    const input = diff();
    assert.ok(input instanceof TabInputTextDiff && made?.kind === 'deliverable');
    assert.ok(input.original.path.startsWith(`/${record.deliverable}/`), input.original.path);
    assert.ok(input.modified.path.startsWith(`/${made.deliverable.id}/`), input.modified.path);
    await undone(parts, later);
  });

  it('is told of once by a notification, where the chat is hidden and nobody wanted to hear no more', async () => {
    const heard = { hidden: false };
    const notices = new PublishNotices(parts, {
      get: () => heard.hidden,
      set: async (value) => void Object.assign(heard, { hidden: value }),
    });
    await parts.chat.show(null);
    await hold(() => parts.chat.visible);
    await undone(parts, await publishSite(parts));
    assert.deepEqual(notices.told, []);
    await commands.executeCommand('workbench.view.explorer');
    await hold(() => !parts.chat.visible);
    const quiet = await publishSite(parts);
    await hold(() => notices.told.length > 0);
    assert.deepEqual(notices.told, await undone(parts, quiet));
    heard.hidden = true;
    await undone(parts, await publishSite(parts));
    assert.equal(notices.told.length, 1);
    notices.dispose();
    await commands.executeCommand('notifications.clearAll');
  });

  it('is taken back from its row', async () => {
    assert.deepEqual(await undone(parts, job), [record.publication.execution]);
  });
});

describe('a file of the store', () => {
  it('is "not found" only where it is not there; anything else is said', async () => {
    const answers = { next: failures.offline('The worker') };
    const files = new StoredFiles({
      scheme: 'butler-nowhere',
      list: async () => bad(answers.next),
      piece: async () => bad(answers.next),
    });
    const code = async () => {
      const error = await files.stat(files.uriOf('one', 'a.txt')).catch((caught: unknown) => caught);
      assert.ok(error instanceof FileSystemError);
      return error.code;
    };
    assert.equal(await code(), 'Unavailable');
    answers.next = failures.notFound('deliverable', 'one');
    assert.equal(await code(), 'FileNotFound');
    files.dispose();
  });
});

/** The rows of what went in and came out below a job. */
async function artifactsOf({ jobs }: Parts, { id }: Job): Promise<ArtifactRow[]> {
  const row = (await jobs.getChildren()).find((one) => one.kind === 'job' && one.job.id === id);
  assert.ok(row);
  const below = await jobs.getChildren(row);
  return below.filter((one): one is ArtifactRow => one.kind === 'attached' || one.kind === 'deliverable');
}

/** Waits until the editor has done something that it tells nobody. */
async function hold(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(50);
}

function kindsOf(rows: readonly ArtifactRow[]): string[] {
  return rows.map(({ kind }) => kind);
}

/** Takes back what a job published; the executions that were. */
async function undone(parts: Parts, { session, id }: Job): Promise<string[]> {
  const records = async () =>
    valueIn(await parts.worker.send(listPublications, { session })).publications.filter(
      (one) => one.job === id,
    );
  const standing = (await records()).filter(({ stands }) => stands);
  for (const one of standing) await takeBack(parts, one);
  assert.ok((await records()).every((one) => one.undone !== null));
  return standing.map(({ publication }) => publication.execution);
}
