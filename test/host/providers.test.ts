import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { commands, Uri } from 'vscode';
import type { Parts } from '../../extension/parts.ts';
import { listAbilities, updateAbility } from '../../server/protocol/ability.ts';
import { abortJob, createJob, type Job } from '../../server/protocol/job.ts';
import { type ProviderInfo, removeProvider, testProvider } from '../../server/protocol/provider.ts';
import { readSettings, saveSettings } from '../../server/protocol/settings.ts';
import { type ChatServer, chatModels, openChatServer } from '../support/chatServer.ts';
import { activeParts, folder, until, valueIn } from './parts.ts';
import { accepted, left } from './press.ts';

const name = 'my-server';

describe('a provider', () => {
  let parts: Parts;
  let service: ChatServer;
  const listed = (): ProviderInfo | undefined => parts.providers.listed.find((one) => one.name === name);
  const state = () => listed()?.connection.state;

  before(async () => {
    parts = await activeParts();
    await abortOpenJobs(parts);
    service = await openChatServer();
    service.key = 'sk-test';
  });
  after(async () => {
    await service.close();
    await parts.worker.send(updateAbility, { id: 'butler', change: { provider: 'offline' } });
  });

  it('is added by its address and key, tested at once, and taken by the Ability that is always there', async () => {
    const given = { provider: 'compatible', name, baseUrl: service.baseUrl, key: ' sk-test\n' };
    const added = await accepted(commands.executeCommand<string>('butler.provider.add', given));
    assert.equal(added, name);
    await until(parts.providers.onChange, () => state() === 'online' && listed()?.key === 'set');
    assert.equal(listed()?.config?.model, chatModels[0]);
    assert.ok(service.asked.length >= 1);
    const { abilities } = valueIn(await parts.worker.send(listAbilities, {}));
    assert.equal(abilities.find(({ id }) => id === 'butler')?.provider, name);
  });

  it('does a job, whose tokens stand in the tree and among those of today', async () => {
    service.says = 'Forty-two.';
    const asked = { ability: 'butler', text: 'How many?', workspace: folder() };
    const job = valueIn(await parts.worker.send(createJob, asked));
    const found = (): Job | undefined => parts.board.going.jobs.find(({ id }) => id === job.id);
    await until(
      parts.board.onChange,
      () => found()?.state === 'completed' && (found()?.cost.tokens ?? 0) > 0,
    );
    assert.equal(found()?.cost.tokens, 1_234);
    assert.ok(parts.board.going.admin.today.tokens >= 1_234);
    const row = (await parts.jobs.getChildren()).find((one) => one.kind === 'job' && one.job.id === job.id);
    assert.ok(row);
    assert.equal(parts.jobs.getTreeItem(row).description, 'completed · no price known');
  });

  it('that went away turns the status bar to offline, and back once it answers', async () => {
    const { port } = new URL(service.baseUrl);
    await service.close();
    valueIn(await parts.worker.send(testProvider, { name }));
    await until(parts.providers.onChange, () => state() === 'offline');
    assert.equal(parts.status.look.text, '$(debug-disconnect) offline');
    service = await openChatServer(Number(port));
    await left(commands.executeCommand('butler.provider.manage', name));
    valueIn(await parts.worker.send(testProvider, { name }));
    await until(parts.providers.onChange, () => state() === 'online');
    assert.equal(parts.status.look.text, '$(coffee) Butler');
  });

  it('that is set up and removed in a terminal is seen here', async () => {
    const there = () => parts.providers.listed.find((one) => one.name === 'of-the-terminal');
    await terminal(['add', 'of-the-terminal', '--kind', 'compatible', '--base-url', service.baseUrl]);
    await until(parts.providers.onChange, () => there() !== undefined);
    await terminal(['remove', 'of-the-terminal']);
    await until(parts.providers.onChange, () => there() === undefined);
  });

  it('is removed with its key, and what was said of it is gone', async () => {
    valueIn(await parts.worker.send(removeProvider, { name }));
    await until(parts.providers.onChange, () => listed() === undefined);
    assert.equal(parts.providers.cutOff, false);
  });
});

/** Ends what waits for a person, which the status bar says before all else. */
async function abortOpenJobs({ worker, board }: Parts): Promise<void> {
  await board.refresh();
  for (const { approval } of board.going.asked) valueIn(await worker.send(abortJob, { id: approval.job }));
  await until(board.onChange, () => board.going.asked.length === 0);
}

/** Runs the command line on the same store, as in a terminal beside the editor. */
async function terminal(args: readonly string[]): Promise<void> {
  const { context } = await activeParts();
  const butler = Uri.joinPath(context.extensionUri, 'dist/butler.mjs').fsPath;
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  await promisify(execFile)(process.execPath, [butler, 'providers', ...args], { env });
}

describe('the settings of all Abilities', () => {
  it('change by their commands only where something was chosen', async () => {
    const { worker } = await activeParts();
    const before = valueIn(await worker.send(readSettings, {}));
    for (const command of ['butler.fallbacks.set', 'butler.budget.set', 'butler.provider.manage']) {
      await left(commands.executeCommand(command));
    }
    assert.deepEqual(valueIn(await worker.send(readSettings, {})), before);
  });

  it('refuse a fallback that is not there, and keep what they were', async () => {
    const { worker } = await activeParts();
    const before = valueIn(await worker.send(readSettings, {}));
    const change = { fallbacks: [{ provider: 'nobody', model: '' }] };
    const refused = await worker.send(saveSettings, { change });
    assert.ok(!refused.ok && refused.failure.kind === 'invalid');
    assert.deepEqual(valueIn(await worker.send(readSettings, {})), before);
  });
});
