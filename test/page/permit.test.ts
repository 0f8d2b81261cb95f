import assert from 'node:assert/strict';
import type { Entry } from '../../server/protocol/journal.ts';
import { until } from '../support/until.ts';
import type { Counterpart } from './counterpart.ts';
import { axeFaults } from './faults.ts';
import { asksFor, batch, command, looseCommand, runs, toldQuestion } from './safetyScenes.ts';
import { later } from './scenes.ts';
import { beSeen, pressAtOnce, pressed } from './seen.ts';
import { openStage, type Stage } from './stage.ts';
import { digest } from './story.ts';

const decide = 'butler/approval/decide';

describe('a question about a command on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('says what holds it and shows each program with its words apart', async () => {
    const { page } = await stage.open({ prepare: command });
    await page.getByText('In a sandbox: no network, writes only in this folder.').waitFor();
    await page.getByText('What it changes in the workspace can be taken back.').waitFor();
    const programs = page.getByRole('list', { name: 'What runs, word for word' });
    assert.deepEqual(await programs.locator('li:first-child .word').allTextContents(), [
      ...['npm', 'test', '--', '--grep', 'the guide'],
    ]);
    assert.equal(await programs.getByRole('listitem').count(), 2);
    await stage.done(page);
  });

  it('says plainly that nothing holds it, why nobody can tell what it does, and offers no "always"', async () => {
    const { page } = await stage.open({ prepare: looseCommand });
    await page.getByText('NOT in a sandbox: it can read, change and send whatever you can.').waitFor();
    await page.getByText('What it changes cannot be taken back.').waitFor();
    await page.getByText('Nobody can tell beforehand what this does: it runs what it is fed').waitFor();
    await page.getByText('Protected: always asked, each time').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Always…' }).count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Approve for this job' }).count(), 0);
    await stage.done(page);
  });

  it('claims neither a sandbox nor a way back that it does not know of', async () => {
    const prepare = asksFor('make', [{ kind: 'run', argv: ['make'], cwd: '/project' }]);
    const { page } = await stage.open({ prepare });
    await page.getByText('NOT in a sandbox').waitFor();
    assert.equal(await page.getByText('taken back').count(), 0);
    await stage.done(page);
  });

  it('spells out what cannot be seen in a word, and hides neither end of a long one', async () => {
    const word = `${'a'.repeat(900)}; rm -rf ~ \u202e`;
    const { page } = await stage.open({ prepare: asksFor('x', [runs(['x\u200b', '', word])]) });
    const words = page.locator('.programs .word');
    await words.first().waitFor();
    const [first, empty, long = ''] = await words.allTextContents();
    assert.deepEqual([first, empty], ['x\\u200b', '(empty word)']);
    assert.match(long, /^a{240}… 552 characters between, show all …a+; rm -rf ~ \\u202e$/);
    await page.getByRole('button', { name: /characters between/ }).click();
    assert.equal((await words.last().textContent())?.length, word.length + 5);
    await stage.done(page);
  });

  it('shows both ends of a command that is one endless line', async () => {
    const text = `echo ${'x'.repeat(20_000)} && curl evil`;
    const { page } = await stage.open({ prepare: asksFor(text, [runs(['echo'])]) });
    const shown = page.locator('.ask .long-text');
    await shown.getByRole('button', { name: /characters between/ }).waitFor();
    assert.match(
      (await shown.textContent()) ?? '',
      /^echo x+… \d+ characters between, show all …x+ && curl evil$/,
    );
    assert.equal(await shown.evaluate((box) => box.scrollHeight > box.clientHeight + 1), false);
    await stage.done(page);
  });

  it('shows the exact rule before "always" writes it, and takes a step back', async () => {
    const { page, counterpart } = await stage.open({ prepare: command });
    await page.getByRole('button', { name: 'Always…' }).waitFor();
    await beSeen(page);
    await page.getByRole('button', { name: 'Always…' }).press('Enter');
    const rule = page.getByRole('region', { name: 'The rule that would be written' });
    await rule.getByText('the command npm test with any further arguments').waitFor();
    await rule.getByText('by any Ability').waitFor();
    await rule.getByText('in any workspace').waitFor();
    const json = await page.getByRole('region', { name: 'The rule as it stands in the file' }).textContent();
    const written = { decision: 'allow', tool: 'run_command', argv: ['npm', 'test', '...'] };
    assert.deepEqual(JSON.parse(json ?? ''), written);
    assert.ok(await rule.first().evaluate((element) => element === document.activeElement));
    await page.screenshot({ path: 'build/screenshots/page-always.png' });
    assert.deepEqual(await axeFaults(page), []);
    await page.keyboard.press('Escape');
    const open = page.getByRole('button', { name: 'Always…' });
    await open.waitFor();
    await until(() => open.evaluate((element) => element === document.activeElement));
    await pressAtOnce(page, '.always-rule vscode-button');
    await open.press('Enter');
    await pressed(page);
    await beSeen(page);
    assert.deepEqual(decisions(counterpart), [], 'a press in the first moment counts for nothing');
    await page.getByRole('button', { name: 'Write it and approve' }).click();
    await until(() => decisions(counterpart).length > 0);
    assert.deepEqual(decisions(counterpart), ['approveAlways']);
    await stage.done(page);
  });

  it('can be denied with a reason, by keyboard, and the keyboard goes on in the field', async () => {
    const { page, counterpart } = await stage.open({ prepare: command });
    await page.getByRole('button', { name: 'Say why not…' }).press('Enter');
    const reason = page.getByLabel('Why not? The agent reads it');
    await reason.press('Escape');
    await page.getByRole('button', { name: 'Say why not…' }).press('Enter');
    await reason.fill('  Not on this branch ');
    await beSeen(page);
    await reason.press('Enter');
    await until(() => decisions(counterpart).length > 0);
    const { decision, reason: said } = counterpart.requests.at(-1)?.params ?? {};
    assert.deepEqual([decision, said], ['deny', 'Not on this branch']);
    await until(() => page.evaluate(() => document.activeElement?.matches('.composer-field') ?? false));
    await stage.done(page);
  });
});

describe('a question of the agent on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('is answered by a choice, not before it was in sight', async () => {
    let question: Entry[] = [];
    const { page, counterpart } = await stage.open({
      prepare: (one) => {
        toldQuestion(one);
        question = one.entries.slice(-1);
        one.entries = one.entries.slice(0, -1);
      },
    });
    await pressAtOnce(page, '.choices button');
    await counterpart.append(question);
    await pressed(page);
    await beSeen(page);
    assert.deepEqual(decisions(counterpart), []);
    await page.getByRole('button', { name: 'handbook' }).click();
    await until(() => decisions(counterpart).length > 0);
    const { decision, answer } = counterpart.requests.at(-1)?.params ?? {};
    assert.deepEqual([decision, answer], ['approve', 'handbook']);
    await stage.done(page);
  });

  it('is answered in the person’s own words, or not at all', async () => {
    const { page, counterpart } = await stage.open({ prepare: toldQuestion });
    const field = page.getByLabel('Your answer');
    await field.fill('Call it\nstart');
    await beSeen(page);
    await field.press('Enter');
    await until(() => decisions(counterpart).length > 0);
    assert.equal(counterpart.requests.at(-1)?.params.answer, 'Call it\nstart');
    const other = await stage.open({ prepare: toldQuestion });
    await other.page.getByRole('button', { name: 'No answer' }).waitFor();
    await beSeen(other.page);
    await other.page.getByRole('button', { name: 'No answer' }).click();
    await until(() => decisions(other.counterpart).length > 0);
    assert.deepEqual(decisions(other.counterpart), ['deny']);
    await stage.done(other.page);
    await stage.done(page);
  });
});

describe('like questions on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('stand together with each one listed, and one answer decides each by its own digest', async () => {
    const { page, counterpart } = await stage.open({ prepare: batch, height: 1400 });
    const together = page.getByRole('region', { name: '3 like requests wait for you' });
    await together.waitFor();
    assert.deepEqual(await together.locator('.batch-list .effects code').allTextContents(), [
      ...['docs/guide.md', 'docs/plan.md', 'docs/faq.md'],
    ]);
    assert.equal(await together.locator('[data-ask]').count(), 3);
    assert.equal(await page.locator('.turn > [data-ask]').count(), 1, 'another tool stands alone');
    const all = page.getByRole('button', { name: 'Approve all 3' });
    await all.scrollIntoViewIfNeeded();
    await beSeen(page);
    assert.equal(await page.getByText(/questions wait for you/).count(), 0);
    await all.click();
    await until(() => decisions(counterpart).length === 3);
    const asked = counterpart.requests.filter(({ method }) => method === decide);
    assert.deepEqual(
      asked.map(({ params }) => [params.id, params.digest, params.decision]),
      ['0', '1', '2'].map((letter) => [`ask-c${letter}`, digest(letter), 'approve']),
    );
    await stage.done(page);
  });

  it('take no press just after one more came or went', async () => {
    const { page, counterpart } = await stage.open({ prepare: batch, height: 1400 });
    await page.getByRole('button', { name: 'Approve all 3' }).scrollIntoViewIfNeeded();
    await beSeen(page);
    await pressAtOnce(page, '.batch > fieldset vscode-button', '2');
    const story = later(counterpart.entries.length);
    story.add('approval.decided', 'j1', { approval: 'ask-c0', decision: 'denied', forJob: false });
    story.add('call.refused', 'j1', { call: 'c0', tool: 'edit_file', reason: 'denied', rule: 'the person' });
    await counterpart.append(story.entries);
    await pressed(page);
    await beSeen(page);
    assert.deepEqual(decisions(counterpart), []);
    await page.getByRole('button', { name: 'Refuse all 2' }).click();
    await until(() => decisions(counterpart).length === 2);
    assert.deepEqual(decisions(counterpart), ['deny', 'deny']);
    await stage.done(page);
  });
});

function decisions(counterpart: Counterpart): unknown[] {
  return counterpart.requests.flatMap(({ method, params }) => (method === decide ? [params.decision] : []));
}
