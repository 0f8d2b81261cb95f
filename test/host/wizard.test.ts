import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { commands } from 'vscode';
import { type Ability, deleteAbility, listAbilities } from '../../server/protocol/ability.ts';
import { activeParts, valueIn } from './parts.ts';

/** Presses Enter on whatever question shows, until the command ends. */
async function accepted<T>(running: Thenable<T>): Promise<T> {
  const state = { ended: false };
  const ending = Promise.resolve(running).finally(() => {
    state.ended = true;
  });
  while (!state.ended) {
    await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await Promise.race([ending.catch(() => undefined), pause(100)]);
  }
  return ending;
}

describe('the wizard for a new Ability', () => {
  it('creates the Ability that was answered for, and the tree lists it', async () => {
    const { worker, abilities } = await activeParts();
    const given = {
      name: 'Notes of the host',
      deliverable: 'document',
      provider: 'offline',
      target: 'local',
      'target.folder': 'notes-out',
      place: 'user',
    };
    const made = await accepted(commands.executeCommand<Ability | undefined>('butler.ability.new', given));
    assert.ok(made);
    assert.deepEqual(
      [made.name, made.deliverable, made.provider, made.origin, made.target.config],
      ['Notes of the host', 'document', 'offline', 'user', { folder: 'notes-out' }],
    );
    const listed = await abilities.getChildren();
    assert.ok(listed.some(({ id }) => id === made.id));
    valueIn(await worker.send(deleteAbility, { id: made.id }));
    const left = valueIn(await worker.send(listAbilities, {})).abilities;
    assert.ok(!left.some(({ id }) => id === made.id));
  });

  it('creates nothing when it is broken off', async () => {
    const { worker } = await activeParts();
    const before = valueIn(await worker.send(listAbilities, {})).abilities.length;
    const running = commands.executeCommand('butler.ability.new');
    const state = { ended: false };
    const ending = Promise.resolve(running).finally(() => {
      state.ended = true;
    });
    while (!state.ended) {
      await commands.executeCommand('workbench.action.closeQuickOpen');
      await Promise.race([ending, pause(100)]);
    }
    assert.equal(await ending, undefined);
    assert.equal(valueIn(await worker.send(listAbilities, {})).abilities.length, before);
  });
});
