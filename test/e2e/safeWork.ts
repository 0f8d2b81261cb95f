import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lastWords } from './commandModel.ts';
import { beSeen, type Editor } from './editor.ts';
import type { House } from './house.ts';
import { until } from './processes.ts';
import { shareWindow } from './sharedWindow.ts';
import { answerIn, approve } from './siteJob.ts';

/** What a model does under watch: like requests, modes, commands that run on, the way back and its conflicts. */
export function safeWork(house: () => House): void {
  describe('a model at work under watch', () => {
    const shared = shareWindow(house, 'watched');

    it('has its like requests approved together; what they did goes back and comes again', async () => {
      const { editor, model } = shared();
      const files = ['one.md', 'two.md', 'three.md'].map((name) => fileOf(editor, name));
      model.wants = ['one.md', 'two.md', 'three.md'].map((file) => writes(file));
      await editor.say('Write three');
      const all = editor.chat.getByRole('button', { name: 'Approve all 3' });
      await all.scrollIntoViewIfNeeded();
      await beSeen(editor);
      await editor.shoot('batch');
      await all.click();
      await answerIn(editor, lastWords).waitFor();
      assert.deepEqual((await Promise.all(files)).map(existsSync), [true, true, true]);
      await editor.chat.getByRole('button', { name: 'Undo all of it' }).click();
      await until(async () => !(await Promise.all(files)).some(existsSync));
      await editor.chat.getByRole('button', { name: 'Redo all of it' }).click();
      await until(async () => (await Promise.all(files)).every(existsSync));
    });

    it('is not overwritten where a person wrote since; both sides show', async () => {
      const { editor, model } = shared();
      model.wants = [writes('page.md')];
      await editor.say('Write a page');
      await approve(editor);
      await answerIn(editor, lastWords).waitFor();
      await writeFile(await fileOf(editor, 'page.md'), 'mine\n');
      await editor.chat.getByRole('button', { name: 'Undo all of it' }).click();
      const conflict = editor.chat.getByRole('region', { name: 'Changed since' });
      await conflict.getByText('mine').waitFor();
      await editor.shoot('conflict');
      await conflict.getByRole('button', { name: 'Open in the diff editor' }).click();
      await editor.page.locator('.monaco-diff-editor').waitFor();
    });

    it('runs by itself what a sandbox holds once the person allows it for the job', async () => {
      const { editor, model } = shared();
      await editor.chat.getByRole('button', { name: 'Mode of the next job: Ask' }).click();
      await editor.shoot('modes');
      await editor.chat.getByRole('menuitemradio', { name: /^Allow/ }).click();
      model.wants = [{ tool: 'run_command', input: { command: 'touch made.txt' } }];
      await editor.say('Make it');
      await answerIn(editor, lastWords).waitFor();
      assert.ok(existsSync(await fileOf(editor, 'made.txt')));
      await editor.chat.getByRole('button', { name: 'Mode of the next job: Ask' }).waitFor();
    });

    it('leaves a command running that shows in the tree and is ended there', async () => {
      const { editor, model } = shared();
      const command = 'sleep 600';
      model.wants = [
        { tool: 'run_command', input: { command, background: true } },
        { tool: 'ask_person', input: { question: 'How long?' } },
      ];
      await editor.say('Wait a while');
      await approve(editor);
      const row = editor.row('Jobs', command).filter({ hasText: 'runs in the background' });
      await row.hover();
      await editor.shoot('background-command');
      await row.getByRole('button', { name: 'End Command' }).click();
      await row.waitFor({ state: 'detached' });
    });
  });
}

function writes(name: string) {
  return { tool: 'write_file', input: { path: name, content: `# ${name}\n` } };
}

async function fileOf({ page }: Editor, name: string): Promise<string> {
  const folder = new URL(page.url()).searchParams.get('folder') ?? '';
  return path.join(folder, name);
}
