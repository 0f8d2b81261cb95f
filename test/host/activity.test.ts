import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { commands, Uri, window } from 'vscode';
import { exportTo, presets } from '../../extension/activityFilter.ts';
import type { ActivityRow } from '../../extension/activityTree.ts';
import { queryActivity } from '../../server/protocol/activity.ts';
import { activeParts, folder, valueIn } from './parts.ts';

describe('the activity', () => {
  afterEach(() => commands.executeCommand('butler.activity.clear'));

  it('is narrowed by a question in words, says how it was understood, and is widened again', async () => {
    const { activity } = await activeParts();
    const all = await activity.getChildren();
    assert.ok(all.length > 0);
    await commands.executeCommand('butler.activity.filter', 'by person today');
    const [filter, ...rows] = await activity.getChildren();
    assert.equal(filter?.kind, 'filter');
    assert.match(String(activity.getTreeItem(filter).label), /person|you/i);
    assert.ok(rows.length > 0 && actsOf(rows).every(({ act }) => act.actor.startsWith('person')));
    await commands.executeCommand('butler.activity.filter', '"nothing has these words in it at all"');
    const kinds = (await activity.getChildren()).map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, 2), ['filter', 'nothing']);
    await commands.executeCommand('butler.activity.clear');
    assert.deepEqual((await activity.getChildren())[0]?.kind, 'act');
  });

  it('understands every question that it offers, and searches for none as text', async () => {
    const { worker } = await activeParts();
    for (const [query] of presets) {
      const { filter } = valueIn(await worker.send(queryActivity, { query, limit: 1 }));
      assert.deepEqual(filter.words ?? [], [], query);
      assert.ok(Object.keys(filter).length > 0, query);
    }
  });

  it('names the word of a question that can never be answered, and leads back to the question', async () => {
    const { activity } = await activeParts();
    await commands.executeCommand('butler.activity.filter', 'outcome:purple');
    const fault = (await activity.getChildren()).find(({ kind }) => kind === 'fault');
    assert.ok(fault);
    const item = activity.getTreeItem(fault);
    assert.match(String(item.label), /purple/);
    assert.equal(item.command?.command, 'butler.activity.filter');
  });

  it('shows each act with its outcome, and all that is known of it', async () => {
    const { activity } = await activeParts();
    const [first] = actsOf(await activity.getChildren());
    assert.ok(first);
    const item = activity.getTreeItem(first);
    assert.ok(item.accessibilityInformation?.label && item.iconPath && item.command);
    await commands.executeCommand('butler.activity.details', first);
    const shown = window.activeTextEditor?.document;
    assert.equal(shown?.uri.scheme, 'butler-preview');
    assert.match(shown?.getText() ?? '', new RegExp(`Number in the journal: ${first.act.seq}\\n`));
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is written to a file as a table and as data', async () => {
    const { worker } = await activeParts();
    const file = path.join(folder(), '..', 'activity');
    const acts = await exportTo(worker, 'today', 'json', Uri.file(`${file}.json`));
    const written = JSON.parse(await readFile(`${file}.json`, 'utf8')) as unknown[];
    assert.ok(acts !== undefined && acts > 0 && written.length === acts);
    assert.equal(await exportTo(worker, 'today', 'csv', Uri.file(`${file}.csv`)), acts);
    assert.match(await readFile(`${file}.csv`, 'utf8'), /^"?\w+"?,/);
  });
});

function actsOf(rows: readonly ActivityRow[]) {
  return rows.filter((row) => row.kind === 'act');
}
