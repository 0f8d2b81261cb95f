import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { type Ability, deleteAbility, listAbilities } from '../../server/protocol/ability.ts';
import { activeParts, valueIn } from './parts.ts';
import { accepted, left } from './press.ts';

describe('the wizard for a new Ability', () => {
  it('creates the Ability that was answered for, and the tree lists it', async () => {
    const { worker, abilities } = await activeParts();
    const given = {
      name: 'Notes of the host',
      deliverable: 'document',
      provider: 'offline',
      target: 'local',
      'target.local.folder': 'notes-out',
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
    assert.equal(await left(commands.executeCommand('butler.ability.new')), undefined);
    assert.equal(valueIn(await worker.send(listAbilities, {})).abilities.length, before);
  });
});
