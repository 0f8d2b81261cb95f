import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CancellationTokenSource,
  commands,
  FileType,
  TabInputText,
  TabInputTextDiff,
  TabInputWebview,
  Uri,
  window,
  workspace,
} from 'vscode';
import { diffDeliverable, openDeliverable, previewDeliverable } from '../../extension/deliverableActs.ts';
import type { Parts } from '../../extension/parts.ts';
import type { PublishedRow } from '../../extension/publishedTree.ts';
import { type Ability, createAbility, deleteAbility, listAbilities } from '../../server/protocol/ability.ts';
import { type Deliverable, listDeliverables, readDeliverable } from '../../server/protocol/deliverable.ts';
import { type Job, undoJob } from '../../server/protocol/job.ts';
import { checkTarget, connectTarget, disconnectTarget, listTargets } from '../../server/protocol/target.ts';
import { activeParts, folder, until, valueIn } from './parts.ts';
import { accepted, left } from './press.ts';
import { publishSite } from './siteJob.ts';

/** A repository on a service that nobody answers for. */
const target = {
  type: 'github',
  config: { repository: 'octo/site', api: 'http://127.0.0.1:1' },
} as const;

describe('what was delivered', () => {
  let parts: Parts;
  let job: Job;
  let deliverable: Deliverable;
  before(async () => {
    parts = await activeParts();
    job = await publishSite(parts);
    const listed = valueIn(await parts.worker.send(listDeliverables, { job: job.id }));
    const [row] = listed.deliverables;
    assert.ok(row);
    deliverable = valueIn(await parts.worker.send(readDeliverable, { id: row.id }));
  });
  after(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    parts.published.narrow(null);
  });

  it('opens in the editor as documents that cannot be changed, folder by folder', async () => {
    const { deliverables } = parts;
    const uri = deliverables.uriOf(deliverable.id, 'index.html');
    await openDeliverable(parts, { deliverable: deliverable.id, path: 'index.html' });
    const document = await workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'html');
    assert.match(document.getText(), /<h1/);
    assert.equal((await workspace.fs.stat(uri)).size, Buffer.byteLength(document.getText()));
    await assert.rejects(async () => workspace.fs.writeFile(uri, new Uint8Array()));
    const names = await workspace.fs.readDirectory(deliverables.uriOf(deliverable.id, ''));
    assert.ok(names.some(([name, type]) => name === 'index.html' && type === FileType.File));
    await assert.rejects(async () => workspace.fs.stat(deliverables.uriOf(deliverable.id, '../../secret')));
    await assert.rejects(async () => workspace.fs.stat(deliverables.uriOf('nobody', 'index.html')));
  });

  it('stands beside the file of that path in the workspace, or by itself where there is none', async () => {
    const tab = () => window.tabGroups.activeTabGroup.activeTab?.input;
    const at = { deliverable: deliverable.id, path: 'index.html' };
    await diffDeliverable(parts, at);
    assert.ok(tab() instanceof TabInputText);
    const beside = Uri.file(path.join(folder(), 'index.html'));
    await workspace.fs.writeFile(beside, Buffer.from('<h1>Mine</h1>'));
    await diffDeliverable(parts, at);
    await workspace.fs.delete(beside);
    const input = tab();
    assert.ok(input instanceof TabInputTextDiff);
    assert.equal(input.original.fsPath, beside.fsPath);
  });

  it('shows as it will look in one tab, whichever of its files is asked for', async () => {
    await previewDeliverable(parts, { deliverable: deliverable.id, path: 'index.html' });
    await previewDeliverable(parts, {
      deliverable: deliverable.id,
      path: deliverable.files.at(-1)?.path ?? '',
    });
    assert.deepEqual(parts.looks.open, [deliverable.id]);
    const looks = () =>
      window.tabGroups.all.flatMap(({ tabs }) =>
        tabs.filter(({ input }) => input instanceof TabInputWebview),
      );
    while (looks().length === 0) await pause(100);
    assert.equal(looks().length, 1);
    await window.tabGroups.close(looks());
    while (parts.looks.open.length > 0) await pause(100);
    assert.deepEqual(parts.looks.open, []);
  });

  it('stands in the list of what was published, narrowed by Ability or target, until it was taken back', async () => {
    const { published } = parts;
    const ours = (rows: readonly PublishedRow[]) =>
      rows.find((row) => row.kind === 'publication' && row.record.job === job.id);
    const row = ours(await published.getChildren());
    assert.ok(row?.kind === 'publication' && row.record.stands);
    assert.equal(published.getTreeItem(row).contextValue, 'publication.there');
    published.narrow({ target: 'nowhere', words: 'Nowhere' });
    const nothing = (await published.getChildren()).map(({ kind }) => kind);
    assert.deepEqual(nothing, ['filter', 'nothing']);
    published.narrow({ ability: job.ability, words: 'Site' });
    assert.ok(ours(await published.getChildren()));
    const changed = until(published.onDidChangeTreeData, counted(1));
    valueIn(await parts.worker.send(undoJob, { id: job.id }));
    await changed;
    const undone = ours(await published.getChildren());
    assert.ok(undone?.kind === 'publication' && undone.record.undone !== null && !undone.record.stands);
    assert.equal(published.getTreeItem(undone).contextValue, 'publication.gone');
  });
});

describe('an account of a target', () => {
  let parts: Parts;
  let made: Ability | undefined;
  before(async () => {
    parts = await activeParts();
  });
  after(async () => {
    if (made) await parts.worker.send(deleteAbility, { id: made.id });
  });

  it('may be connected later: the Ability is saved first', async () => {
    const given = {
      ...{ name: 'To a repository', deliverable: 'website', provider: 'offline', target: 'github' },
      ...{ 'target.github.repository': 'octo/site', place: 'user' },
    };
    const running = Promise.resolve(commands.executeCommand<Ability>('butler.ability.new', given));
    const saved = async () => {
      const { abilities } = valueIn(await parts.worker.send(listAbilities, {}));
      return abilities.find(({ name }) => name === given.name);
    };
    while (!(await saved())) {
      await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await pause(50);
    }
    const one = await left(running);
    assert.deepEqual(one?.target, { type: 'github', config: { repository: 'octo/site' } });
    valueIn(await parts.worker.send(deleteAbility, { id: one.id }));
  });

  it('is checked no longer once the person leaves the question, though its service never answers', async () => {
    const { worker } = parts;
    const held: Socket[] = [];
    const silent = createServer((socket) => void held.push(socket.on('error', () => undefined)));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const one = { ...target, config: { ...target.config, api: `http://127.0.0.1:${port}` } };
    const token = ['not', 'a', 'token'].join('-');
    valueIn(await worker.send(connectTarget, { ...one, values: { token } }));
    const leaving = new CancellationTokenSource();
    const checking = worker.send(checkTarget, one, leaving.token);
    await once(silent, 'connection');
    leaving.cancel();
    const checked = await checking;
    assert.equal(!checked.ok && checked.failure.kind, 'cancelled');
    for (const socket of held) socket.destroy();
    silent.close();
    const [account] = valueIn(await worker.send(listTargets, {})).accounts;
    valueIn(await worker.send(disconnectTarget, { account: account?.id ?? '' }));
  });

  it('that is connected is checked, listed and disconnected; a service that does not answer is said', async () => {
    const { worker } = parts;
    const draft = { name: 'Elsewhere', deliverable: 'website', target } as const;
    made = valueIn(await worker.send(createAbility, { draft }));
    const token = ['not', 'a', 'token'].join('-');
    valueIn(await worker.send(connectTarget, { ...target, values: { token } }));
    const accounts = async () => valueIn(await worker.send(listTargets, {})).accounts;
    const [account] = await accounts();
    assert.deepEqual([account?.target, account?.fields], ['github', ['token']]);
    assert.equal(JSON.stringify(account).includes(token), false);
    await accepted(commands.executeCommand('butler.target.check', made.id));
    await left(commands.executeCommand('butler.account.manage'));
    valueIn(await worker.send(disconnectTarget, { account: account?.id ?? '' }));
    assert.deepEqual(await accounts(), []);
  });
});

/** Holds once it was asked so many times more than at first. */
function counted(times: number): () => boolean {
  let left = times;
  return () => left-- <= 0;
}
