import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  AbilityDraft,
  createAbility,
  deleteAbility,
  listAbilities,
  readAbility,
  updateAbility,
} from '../../../server/protocol/ability.ts';
import { abilitiesChanged } from '../../../server/protocol/editor.ts';
import { refusalOf } from '../../support/lspClient.ts';
import { workerOfEachTest } from './workerOfEachTest.ts';

describe('Abilities over the wire (A1)', () => {
  const { stage, client } = workerOfEachTest();
  const file = () => path.join(stage.workspace, '.butler/abilities.json');
  const ids = async () => (await client.send(listAbilities, {})).abilities.map(({ id }) => id);

  it('are created, read, changed and deleted in the store of the user', async () => {
    const draft = AbilityDraft.parse({ name: 'Größe & Co', prompt: 'Be brief.' });
    const made = await client.send(createAbility, { draft });
    assert.equal(made.id, 'gro-e-co');
    assert.equal(made.origin, 'user');
    const changed = await client.send(updateAbility, { id: made.id, change: { description: 'Writes.' } });
    assert.equal(changed.prompt, 'Be brief.');
    assert.deepEqual(await client.send(readAbility, { id: made.id }), changed);
    assert.equal((await client.send(createAbility, { draft })).id, 'gro-e-co-2');
    await client.send(deleteAbility, { id: made.id });
    assert.equal((await refusalOf(client.send(readAbility, { id: made.id }))).kind, 'notFound');
  });

  it('are kept in the file of the workspace where a team wants them', async () => {
    const draft = AbilityDraft.parse({ name: 'Team notes' });
    const made = await client.send(createAbility, { draft, workspace: stage.workspace });
    assert.equal(made.origin, 'workspace');
    await client.send(updateAbility, { id: made.id, change: { name: 'Notes of the team' } });
    assert.match(await readFile(file(), 'utf8'), /Notes of the team/);
    await client.send(deleteAbility, { id: made.id });
    assert.doesNotMatch(await readFile(file(), 'utf8'), /Notes of the team/);
    assert.ok((await ids()).includes('site-from-readme'));
  });

  it('are refused with the field that is wrong and what mends it', async () => {
    const cases: [Record<string, unknown>, string, RegExp][] = [
      [{ name: '' }, 'draft.name', /must not be empty/],
      [{ name: 'A', provider: 'nobody' }, 'provider', /there is no "nobody"/],
      [{ name: 'A', target: { type: 'moon', config: {} } }, 'target.type', /there is no "moon"/],
      [{ name: 'A', target: { type: 'local', config: { folder: 7 } } }, 'target.config.folder', /string/],
      [{ name: 'A', deliverable: 'Web Site' }, 'draft.deliverable', /lower-case word/],
    ];
    for (const [draft, field, words] of cases) {
      const failure = await refusalOf(client.connection.sendRequest(createAbility.method, { draft }));
      assert.equal(failure.field, field);
      assert.match(failure.what, words);
      assert.notEqual(failure.mend, '');
    }
    assert.equal((await refusalOf(client.send(deleteAbility, { id: 'butler' }))).kind, 'denied');
  });

  it('of a workspace never take the place of what a person made', async () => {
    await client.send(updateAbility, { id: 'butler', change: { prompt: 'Mine.' } });
    const before = await readFile(file(), 'utf8');
    const { abilities } = JSON.parse(before) as { abilities: object[] };
    const theirs = { id: 'butler', name: 'Butler', provider: 'anthropic', prompt: 'Theirs.' };
    await writeFile(file(), JSON.stringify({ abilities: [...abilities, theirs] }, null, 2));
    const { origin, prompt } = await client.send(readAbility, { id: 'butler' });
    await writeFile(file(), before);
    assert.deepEqual([origin, prompt], ['user', 'Mine.']);
  });

  it('are told anew when a person edits the file, with the faults as diagnostics', async () => {
    await ids();
    const changed = new Promise((resolve) =>
      client.connection.onNotification(abilitiesChanged.method, resolve),
    );
    const shown = new Promise<{ diagnostics: { range: { start: { line: number } }; message: string }[] }>(
      (resolve) => {
        client.connection.onNotification('textDocument/publishDiagnostics', resolve);
      },
    );
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), text.replace('"deliverable": "website"', '"deliverable": "Web Site"'));
    await changed;
    const [fault] = (await shown).diagnostics;
    assert.match(fault?.message ?? '', /deliverable: must be a lower-case word/);
    assert.match(text.split('\n')[fault?.range.start.line ?? 0] ?? '', /"deliverable": "website"/);
    assert.equal((await ids()).includes('site-from-readme'), false);
    assert.ok((await ids()).includes('todo-report'));
  });
});
