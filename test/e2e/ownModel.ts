import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Editor } from './editor.ts';
import type { House } from './house.ts';

/** Gives the one provider that has a loopback address its key. */
export async function setKey(editor: Editor): Promise<void> {
  await editor.command('Set API Key');
  await editor.quick.locator('.monaco-list-row').filter({ hasText: 'Anthropic' }).click();
  await editor.quick.getByText('API key of Anthropic').waitFor();
  await editor.page.keyboard.type('sk-ant-loopback');
  await editor.page.keyboard.press('Enter');
  await editor.page.locator('.statusbar').getByText('The key is kept').waitFor();
}

/** A workspace's file with one Ability that works with that provider. */
export function abilitiesOf(name: string): string {
  const ability = {
    ...{ id: name.toLowerCase(), name, description: '', provider: 'anthropic', model: '' },
    ...{ deliverable: 'document', target: { type: 'local', config: {} }, prompt: '' },
  };
  return JSON.stringify({ abilities: [ability] });
}

/** Opens a workspace of its own with an Ability that works with the model on the loopback. */
export async function openCommander(house: House, name: string): Promise<Editor> {
  const folder = await house.workspace(name);
  await writeFile(path.join(folder, '.butler/abilities.json'), abilitiesOf('Commander'));
  const editor = await house.open(folder);
  await editor.openButler();
  await setKey(editor);
  return editor;
}

/** Begins a session with that Ability; another one is open, or none. */
export async function beginSession(editor: Editor): Promise<void> {
  await editor.row('Abilities', 'Commander').click();
  await editor.chat.getByRole('heading', { name: 'New session' }).waitFor();
}
