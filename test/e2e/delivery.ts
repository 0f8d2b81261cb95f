import assert from 'node:assert/strict';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type S3Server, startS3 } from '../servers/s3.ts';
import type { Editor } from './editor.ts';
import type { House } from './house.ts';
import { asked, pick, rows, type } from './questions.ts';
import { approve, deliverableIn, questionIn } from './siteJob.ts';
import { inEveryTheme } from './themes.ts';

const name = 'Site to a bucket';

/** A target with an account, from the wizard to the way back, by clicks. */
export function delivery(house: () => House): void {
  describe('a target elsewhere', () => {
    let server: S3Server;
    before(async () => {
      server = await startS3();
    });
    after(() => server[Symbol.asyncDispose]());

    it('is chosen by the wizard, connected, checked, published to, seen in a tab and taken back', async function () {
      this.timeout(180_000);
      const folder = await house().workspace('elsewhere');
      const editor = await house().open(folder);
      const look = inEveryTheme(house(), editor, folder);
      await editor.openButler();
      await editor.row('Abilities', 'Site from README').waitFor();
      await describeAbility(editor, server);
      await rows(editor, 'Connect It Now').waitFor();
      await editor.shoot('account-offer');
      await rows(editor, 'Connect It Now').click();
      await enterKey(editor, server);
      await rows(editor, 'Done').waitFor();
      await editor.shoot('account-checked');
      await editor.page.keyboard.press('Escape');
      const row = editor.row('Abilities', name).first();
      await row.hover();
      await row.getByRole('button', { name: 'Start Session with Ability' }).click();
      await editor.chat.getByRole('heading', { name: 'New session' }).waitFor();
      await editor.say('/site ');
      await questionIn(editor).waitFor();
      await editor.shoot('publication-question');
      await approve(editor);
      const card = deliverableIn(editor);
      await card.getByText('Published', { exact: true }).waitFor();
      assert.ok((await objects(server)).some((key) => key.endsWith('index.html')));
      await editor.view('Published').locator('.pane-header').click();
      await editor.row('Published', 's3').first().waitFor();
      await card.scrollIntoViewIfNeeded();
      await card.getByRole('button', { name: 'Preview', exact: true }).click();
      await card.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
      const job = editor.row('Jobs', 'completed').first();
      await job.locator('.monaco-tl-twistie').click();
      await editor.row('Jobs', 'published · s3').hover();
      await look('published');
      await menuOfPublication(editor);
      await card.getByRole('button', { name: 'Undo' }).click();
      await card.getByText('Draft, not published yet').waitFor();
      await editor.row('Published', 'taken back').first().waitFor();
      assert.deepEqual(await objects(server), []);
      await shownFromElsewhere(editor);
      await card.getByRole('button', { name: 'Open preview in a tab' }).click();
      await tabOf(editor).getByRole('heading', { level: 1 }).first().waitFor();
      await editor.page.waitForTimeout(300);
      await editor.shoot('preview-tab');
    });
  });
}

/** What can be done with a publication, from its row. */
async function menuOfPublication(editor: Editor): Promise<void> {
  await editor.row('Published', 's3').first().click({ button: 'right' });
  const menu = editor.page.locator('.monaco-menu');
  await menu.getByText('Copy Address of Publication').waitFor();
  const shown = await menu.locator('.action-label:not(.separator)').allTextContents();
  assert.deepEqual(shown.map((label) => label.replaceAll('\u00a0', ' ').trim()).toSorted(), [
    'Compare Versions of Deliverable',
    'Copy Address of Publication',
    'Open Publication',
    'Preview What Was Published',
    'Publish Deliverable',
    'Save Deliverable As…',
    'Show Publication in Chat',
    'Take Publication Back',
  ]);
  await editor.page.waitForTimeout(300);
  await editor.shoot('published-menu');
  await menu.getByText('Copy Address of Publication').click();
}

/** A chat that was hidden comes back with the session of a publication, whatever it showed before. */
async function shownFromElsewhere(editor: Editor): Promise<void> {
  await editor.chat.getByRole('button', { name: 'All sessions' }).click();
  await editor.chat.getByRole('heading', { name: 'Sessions' }).waitFor();
  await editor.page.locator('.activitybar [aria-label^="Explorer"]').first().click();
  await editor.command('Show Publication in Chat');
  await rows(editor, 'Tidewatch').click();
  await deliverableIn(editor).waitFor();
}

async function describeAbility(editor: Editor, { endpoint }: S3Server): Promise<void> {
  await editor.command('Create New Ability');
  await type(editor, 'What is it called?', name);
  await pick(editor, 'What does it deliver?', 'website');
  await pick(editor, 'Who does the thinking?', 'Offline');
  await pick(editor, 'Where does the deliverable go?', 'S3 bucket');
  await type(editor, 'Bucket: ', 'site');
  await pick(editor, 'Shall anything else be set? It works as it is', 'Set more…');
  await type(editor, 'Folder: ', '');
  await type(editor, 'Region: ', 'us-east-1');
  await type(editor, 'Endpoint: ', endpoint);
  await rows(editor, 'As the target does by itself').waitFor();
  for (const next of ['Who can read it', 'Public address', 'Keep pages', 'Keep assets', 'Account']) {
    await editor.page.keyboard.press('Enter');
    await shown(editor, next);
  }
  await editor.page.keyboard.press('Enter');
  await type(editor, 'How shall it work?', '');
  await pick(editor, 'Where shall it be kept?', 'For me, in every workspace');
}

/** Waits for the question about a field, in an input box or a pick. */
async function shown({ quick }: Editor, field: string): Promise<void> {
  const text = quick.getByText(new RegExp(`^${field}: `));
  await text
    .or(quick.getByPlaceholder(new RegExp(`^${field}: `)))
    .first()
    .waitFor();
}

async function enterKey(editor: Editor, { key }: S3Server): Promise<void> {
  await editor.quick.getByText('(1/').waitFor();
  for (const [step, value] of Object.values(key).entries()) {
    await editor.quick.getByText(`(${step + 1}/`).waitFor();
    await editor.quick.locator('input').first().fill(value);
    await editor.page.keyboard.press('Enter');
  }
  await editor.quick.getByText('(3/').waitFor();
  await editor.page.keyboard.press('Enter');
  await asked(editor, 'What the check found');
}

async function objects({ witness }: S3Server): Promise<string[]> {
  const { Contents = [] } = await witness.send(new ListObjectsV2Command({ Bucket: 'site' }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

/** The website in the tab of its own: the frame in the page of the newest webview that is no view. */
function tabOf({ page }: Editor) {
  return page
    .frameLocator('iframe.webview.ready:not([src*="purpose=webviewView"])')
    .last()
    .frameLocator('#active-frame')
    .frameLocator('iframe.look-frame');
}
