import assert from 'node:assert/strict';
import { type ChatServer, chatModels, openChatServer } from '../support/chatServer.ts';
import type { Editor } from './editor.ts';
import { type House, openHouse } from './house.ts';
import { asked, pick, rows, type } from './questions.ts';
import { answerIn } from './siteJob.ts';
import { inEveryTheme } from './themes.ts';

const goOn = 'Where shall a job go on when its own provider does not answer?';

/** Providers, fallbacks and budget, by clicks as a person makes them who never had any. */
export function providers(vsix: () => string): void {
  describe('a provider', () => {
    const at: { house?: House } = {};
    const house = () => {
      if (!at.house) throw new Error('The house is not open.');
      return at.house;
    };
    let service: ChatServer;
    before(async () => {
      at.house = await openHouse(vsix());
      service = await openChatServer();
      service.key = 'sk-test';
      service.says = 'Forty-two, **exactly**.';
    });
    beforeEach(() => house().renewStore());
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await at.house?.shoot(this.currentTest.title);
      await at.house?.closeWindows();
    });
    after(async () => {
      await service.close();
      await at.house?.close();
    });

    it('is set up from the first screen, tested, given a job, and its cost stands in the menu', async () => {
      const folder = await house().workspace('providers');
      const editor = await house().open(folder);
      const look = inEveryTheme(house(), editor, folder);
      await editor.openButler();
      await editor.view('Jobs').getByRole('button', { name: 'Add a Provider' }).click();
      await rows(editor, 'Anthropic').waitFor();
      await look('provider-kinds');
      await describeService(editor, service.baseUrl, 'sk-test');
      await rows(editor, chatModels[1] ?? '').waitFor();
      await look('provider-models');
      await pick(editor, 'Which model?', chatModels[0] ?? '');
      await pick(editor, 'Shall the Ability "Butler" work with it?', 'Yes');
      await editor.view('Jobs').getByText('Who shall do the thinking?').waitFor({ state: 'detached' });
      await editor.row('Abilities', 'Butler').first().click();
      await editor.say('How many?');
      await answerIn(editor, 'Forty-two').waitFor();
      await editor.row('Jobs', 'How many?').filter({ hasText: 'no price known' }).waitFor();
      await editor.status.click();
      await rows(editor, '1,234 tokens').waitFor();
      await look('provider-cost');
      await editor.page.keyboard.press('Escape');
    });

    it('says what is wrong with it, offers first what mends it, and is removed again', async () => {
      const folder = await house().workspace('wrong-key');
      const editor = await house().open(folder);
      await editor.openButler();
      await editor.row('Abilities', 'Butler').first().waitFor();
      await editor.command('Add Provider');
      await describeService(editor, service.baseUrl, 'sk-wrong');
      await rows(editor, 'did not accept the API key').waitFor();
      assert.match((await rows(editor, /./).nth(1).textContent()) ?? '', /Set API Key/);
      const look = inEveryTheme(house(), editor, folder);
      await look('provider-wrong-key');
      await editor.page.keyboard.press('Escape');
      await editor.status.click();
      await rows(editor, 'my-server, needs a valid API key').waitFor();
      await look('provider-trouble');
      await rows(editor, 'my-server, needs a valid API key').click();
      await pick(editor, 'What shall be done?', 'Test Connection');
      await rows(editor, 'did not accept the API key').waitFor();
      await editor.page.keyboard.press('Enter');
      await type(editor, 'API key of my-server', 'sk-test');
      await asked(editor, 'What shall be done?');
      await rows(editor, 'Test Connection').click();
      await rows(editor, `${chatModels[0]} answered`).waitFor();
      await pick(editor, 'What shall be done?', 'Remove');
      await pick(editor, 'Remove what is set up of my-server, its key too?', 'Remove');
      await editor.command('Manage Providers');
      await rows(editor, 'Add a provider…').waitFor();
      assert.equal(await rows(editor, 'my-server').count(), 0);
    });

    it('can be done without, knowingly, and nothing asks for one any more', async () => {
      const editor = await house().open(await house().workspace('offline'));
      await editor.openButler();
      await editor.view('Jobs').getByRole('button', { name: 'Stay Offline' }).click();
      await editor.view('Jobs').getByText('Who shall do the thinking?').waitFor({ state: 'detached' });
      await editor.view('Jobs').getByText('No job yet.').waitFor();
    });

    it('takes over in an order of the person, and leaves this machine only with consent', async () => {
      const folder = await house().workspace('fallbacks');
      const editor = await house().open(folder);
      const look = inEveryTheme(house(), editor, folder);
      await editor.openButler();
      await editor.row('Abilities', 'Butler').first().waitFor();
      await editor.command('Add Provider');
      await describeService(editor, service.baseUrl, 'sk-test');
      await pick(editor, 'Which model?', chatModels[0] ?? '');
      await pick(editor, 'Shall the Ability "Butler" work with it?', 'No');
      await setKey(editor, 'Groq');
      await editor.command('Set Fallbacks');
      await pick(editor, goOn, 'Groq');
      await pick(editor, goOn, 'my-server');
      await rows(editor, '2. my-server').hover();
      await rows(editor, '2. my-server').getByRole('button', { name: 'Earlier' }).click();
      await rows(editor, '1. my-server').waitFor();
      await look('fallbacks');
      await rows(editor, 'Keep this order').click();
      await rows(editor, 'No, it stays here and waits').waitFor();
      await look('fallback-consent');
      await rows(editor, 'No, it stays here and waits').click();
      await editor.command('Set Fallbacks');
      await rows(editor, '2. Groq').waitFor();
      await editor.page.keyboard.press('Escape');
    });

    it('spends no more than a limit that a person changes', async () => {
      const folder = await house().workspace('budget');
      const editor = await house().open(folder);
      await editor.openButler();
      await editor.row('Abilities', 'Butler').first().waitFor();
      await editor.command('Set Budget');
      await asked(editor, 'Which limit shall change?');
      await rows(editor, 'US dollars').first().click();
      await editor.quick.getByText('you are asked before more is spent').waitFor();
      await editor.quick.locator('input').first().fill('nothing');
      await editor.quick.getByText('A number above 0').waitFor();
      await type(editor, 'A number above 0', '2.50');
      await rows(editor, 'US dollars').filter({ hasText: '$2.50' }).waitFor();
      await inEveryTheme(house(), editor, folder)('budget');
    });
  });
}

async function describeService(editor: Editor, baseUrl: string, key: string): Promise<void> {
  await pick(editor, 'Who shall do the thinking?', 'Another service…');
  await type(editor, 'What shall it be called?', 'my-server');
  await editor.quick.getByText('At which address?').waitFor();
  await editor.quick.locator('input').first().fill(`${baseUrl}/chat/completions`);
  await editor.quick.getByText('the base URL ends before it').waitFor();
  await type(editor, 'the base URL ends before it', baseUrl);
  await editor.quick.getByText('API key, where the service wants one').waitFor();
  assert.equal(await editor.quick.locator('input').first().getAttribute('type'), 'password');
  await type(editor, 'API key, where the service wants one', ` ${key} `);
}

async function setKey(editor: Editor, provider: string): Promise<void> {
  await editor.command('Set API Key');
  await pick(editor, 'For which provider?', provider);
  await type(editor, `API key of ${provider}`, 'sk-test');
  await editor.page.locator('.statusbar').getByText('The key is kept').waitFor();
}
