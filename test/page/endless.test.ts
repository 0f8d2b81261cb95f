import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Approval, Preview } from '../../server/protocol/approval.ts';
import { session } from './counterpart.ts';
import { openStage, type Stage } from './stage.ts';
import { Story } from './story.ts';

/** As many letters as no page needs to lay out at once, with an end at both sides. */
const endless = `FIRST ${'a'.repeat(60_000)} LAST`;

describe('the page before endless text, in safety', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('shows head and tail of a long title, rule and line of a change, and the rest on demand', async () => {
    const preview = { kind: 'diff', path: 'a.txt', before: 'x\n', after: endless } as const;
    const page = await asks(preview, { title: endless, rule: endless });
    for (const place of ['.ask-title', '.ask-rule', '.diff-line.added']) {
      const shown = page.locator(place).first();
      const short = (await shown.textContent()) ?? '';
      assert.match(short, /FIRST a+….*…a+ LAST/, place);
      assert.ok(short.length < 15_000, place);
      await shown.getByRole('button', { name: 'characters between' }).press('Enter');
      assert.ok((await shown.textContent())?.includes(endless), place);
    }
    await stage.done(page);
  });

  it('shows the first and the last lines of a long change, and the rest on demand', async () => {
    const after = Array.from({ length: 3_000 }, (_, at) => `line ${at}.`).join('\n');
    const page = await asks({ kind: 'diff', path: 'a.txt', before: null, after });
    const lines = page.locator('.diff-line');
    assert.equal(await lines.count(), 600);
    assert.match((await lines.first().textContent()) ?? '', /line 0\./);
    assert.match((await lines.last().textContent()) ?? '', /line 2999\./);
    await page.getByRole('button', { name: '2400 lines between, show all' }).press('Enter');
    assert.equal(await lines.count(), 3_000);
    await stage.done(page);
  });

  it('draws few lines of a change whose lines are long', async () => {
    const after = Array.from({ length: 300 }, (_, at) => `${at} ${'a'.repeat(4_000)} ${at}.`).join('\n');
    const page = await asks({ kind: 'diff', path: 'a.txt', before: null, after });
    assert.equal(await page.locator('.diff-line').count(), 60);
    assert.match((await page.locator('.diff-line').last().textContent()) ?? '', / 299\.$/);
    assert.ok(((await page.locator('.diff').textContent()) ?? '').length < 130_000);
    await stage.done(page);
  });

  it('marks invisible signs in any number without an element for each', async () => {
    const text = 'a\u200b'.repeat(5_000);
    const page = await asks({ kind: 'text', text }, { title: text });
    const title = page.locator('.ask-title');
    assert.equal(await title.textContent(), 'a\\u200b'.repeat(5_000));
    assert.equal(await title.locator('.escape').count(), 1);
    await stage.done(page);
  });

  it('shows Markdown that is too much to draw as it was written, whole on demand', async () => {
    const text = `FIRST\n\n${'*a* '.repeat(12_000)}\n\n${'> '.repeat(500)}LAST`;
    const page = await said(text);
    const shown = page.locator('.markdown').first();
    assert.match((await shown.textContent()) ?? '', /^FIRST.*LAST$/s);
    assert.equal(await shown.locator('em').count(), 0);
    await shown.getByRole('button', { name: 'between' }).press('Enter');
    assert.equal(await shown.textContent(), text);
    await stage.done(page);
  });

  async function asks(preview: Preview, change: Partial<Approval> = {}): Promise<Page> {
    const story = new Story('s1').begin('site').ask('j1', 'x');
    story.say('j1', [{ kind: 'call', call: 'c1', tool: 'write_file', input: { path: 'a.txt' } }]);
    const page = await open(story.question('j1', 'c1', preview, change));
    await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    return page;
  }

  async function said(text: string): Promise<Page> {
    const page = await open(new Story('s1').begin('site').ask('j1', 'x').text('j1', text));
    await page.locator('.markdown').first().waitFor();
    return page;
  }

  async function open({ entries }: Story): Promise<Page> {
    const { page } = await stage.open({
      prepare: (one) => {
        one.sessions = [session('s1', 'x')];
        one.session = 's1';
        one.entries = entries;
      },
    });
    return page;
  }
});
