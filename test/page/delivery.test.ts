import assert from 'node:assert/strict';
import type { FrameLocator, Page } from 'playwright-core';
import type { ToPage } from '../../server/protocol/page.ts';
import { until } from '../support/until.ts';
import type { Counterpart } from './counterpart.ts';
import { delivered, files, harbours, publication, serveFiles, unconnected } from './deliveryScenes.ts';
import { axeFaults, overflowing } from './faults.ts';
import { long } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';

describe('deliverables on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  const card = (page: Page, title: string) => page.getByRole('region', { name: `Deliverable: ${title}` });

  it('says before a publication who will see it, what it takes away, what to know, and what undo does', async () => {
    const { page } = await stage.open({ prepare: publication });
    const question = page.getByRole('region', { name: /^Approval: Publish 1219/ });
    await question.getByText('Public: anyone can see it').waitFor();
    for (const text of ['2 new', '14 changed', '3 deleted', '1,200 as they are']) {
      await question.getByText(text, { exact: true }).waitFor();
    }
    await question.getByText('a person must approve the pull request there').waitFor();
    await question.getByText('Closes the pull request and deletes its branch').waitFor();
    assert.equal(await question.locator('.file').first().locator('code').textContent(), 'old/page-0.html');
    assert.equal(await question.locator('.file').count(), 12);
    await question.getByRole('button', { name: '1207 more files, show the next 400' }).click();
    assert.equal(await question.locator('.file').count(), 412);
    const notes = question.getByRole('list', { name: 'Good to know' }).getByRole('listitem');
    assert.equal(await notes.count(), 8);
    await question.getByRole('button', { name: '3 more notes, show all' }).click();
    assert.equal(await notes.count(), 11);
    await stage.done(page);
  });

  it('draws a small picture and a document at once, and code, sounds and sites when they are wanted', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: delivered, height: 1800 });
    const picture = card(page, 'The plan of the harbour').locator('img');
    await until(
      async () => (await picture.evaluate((one) => (one as HTMLImageElement).naturalWidth)) === 320,
    );
    await card(page, 'Tides').getByRole('heading', { name: 'Tides' }).waitFor();
    const read = () =>
      counterpart.requests.filter(({ method }) => method === 'butler/deliverable/file').length;
    assert.equal(read(), 2);
    await card(page, 'Greeter').getByRole('button', { name: 'Preview', exact: true }).click();
    await card(page, 'Greeter').locator('.hljs-keyword').first().waitFor();
    await card(page, 'A song').getByRole('button', { name: 'Preview', exact: true }).click();
    const sound = card(page, 'A song').locator('audio');
    await until(async () => (await sound.evaluate((one) => (one as HTMLAudioElement).duration)) > 0.09);
    assert.deepEqual(await axeFaults(page), []);
    assert.deepEqual(offences, []);
    await page.screenshot({ path: 'build/screenshots/page-previews.png' });
    await stage.done(page);
  });

  it('shows a website with its styles and pictures, without its scripts, forms and what lies elsewhere', async () => {
    const { page, offences } = await stage.open({ prepare: delivered });
    const site = await openSite(page);
    await site.getByRole('heading', { name: 'Harbours' }).waitFor();
    await until(async () => (await dressOf(page)).plan === 320);
    const { colour, spacing, ground, spy } = await dressOf(page);
    assert.deepEqual([colour, spacing, spy], ['rgb(1, 87, 155)', '2px', null]);
    assert.match(ground, /^url\("blob:/);
    assert.equal(await site.locator('script, form, meta, base, [onclick], [href^="http"]').count(), 0);
    await card(page, 'Harbours').getByText('2 things of this page are not shown').waitFor();
    await site.getByText('Not a button').click();
    assert.deepEqual(offences, []);
    await page.screenshot({ path: 'build/screenshots/page-website.png' });
    await stage.done(page);
  });

  it('follows the links of a website among its files, says what is gone, and asks before it leads outside', async () => {
    const { page, offences } = await stage.open({ prepare: delivered });
    const site = await openSite(page);
    await site.getByRole('link', { name: 'that is gone' }).click();
    await page.getByText('This page leads to “gone.html”').waitFor();
    await site.getByRole('link', { name: 'more elsewhere' }).click();
    await page.getByRole('dialog').getByText('https://example.org/more').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await site.getByRole('link', { name: 'one in the north' }).click();
    await site.getByRole('heading', { name: 'Tromsø' }).waitFor();
    await site.getByRole('link', { name: 'Back to all' }).click();
    await site.getByRole('heading', { name: 'Harbours' }).waitFor();
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('opens files, previews, comparisons and the place to save to in the editor', async () => {
    const { page, counterpart } = await stage.open({ prepare: delivered });
    const code = card(page, 'Greeter');
    await code.getByText('1 file').click();
    await code.getByRole('button', { name: 'src/greet.ts', exact: true }).click();
    await code.getByRole('button', { name: 'Compare src/greet.ts with the workspace' }).click();
    await code.getByRole('button', { name: 'Open preview in a tab' }).click();
    await code.getByRole('button', { name: 'Save as…' }).click();
    await code.getByRole('button', { name: 'Compare versions…' }).click();
    await until(() => counterpart.acts.length === 5);
    const at = { deliverable: 'd4', path: 'src/greet.ts' };
    assert.deepEqual(counterpart.acts, [
      { act: 'openDeliverable', ...at },
      { act: 'diffDeliverable', ...at },
      { act: 'previewDeliverable', ...at },
      { act: 'saveDeliverable', deliverable: 'd4' },
      { act: 'compareDeliverable', deliverable: 'd4' },
    ]);
    await stage.done(page);
  });

  it('opens a session at the job that published, however far back', async () => {
    const { page, counterpart } = await stage.open({ prepare: long(400) });
    await page.getByText('Answer 399').waitFor();
    await counterpart.post({ kind: 'show', session: 's1', job: 'j3' });
    await page.getByText('Job 3', { exact: true }).waitFor();
    const seen = () =>
      page.getByText('Job 3', { exact: true }).evaluate((one) => one.getBoundingClientRect().top);
    await until(async () => (await seen()) > 0 && (await seen()) < 500);
    await stage.done(page);
  });

  it('leads from a publication that did not come about to its account', async () => {
    const { page, counterpart } = await stage.open({ prepare: unconnected });
    await page.getByRole('button', { name: 'Connect or check the target…' }).click();
    await until(() => counterpart.acts.length > 0);
    assert.deepEqual(counterpart.acts, [{ act: 'mendTarget', ability: 'site' }]);
    await stage.done(page);
  });

  it('shows nothing but a deliverable in a tab of its own, and asks for nothing but its files', async () => {
    for (const [name, size] of Object.entries({ wide: { width: 900 }, narrow: { width: 220 } })) {
      const { page, counterpart, offences } = await stage.open({
        ...{ prepare: serveFiles, shows: 'preview', height: 600 },
        ...size,
      });
      const shown: ToPage = { kind: 'preview', deliverable: harbours, path: 'index.html' };
      await page.getByText('Loading the preview…').waitFor();
      await counterpart.post(shown);
      const site = page.frameLocator('iframe');
      await site.getByRole('link', { name: 'one in the north' }).click();
      await site.getByRole('heading', { name: 'Tromsø' }).waitFor();
      await page.getByRole('button', { name: 'Back', exact: true }).click();
      await site.getByRole('heading', { name: 'Harbours' }).waitFor();
      await page.getByLabel('Page', { exact: true }).selectOption('images/plan.png');
      await page.locator('img.look-image').waitFor();
      assert.equal(await overflowing(page), '');
      assert.deepEqual(await axeFaults(page), []);
      await page.getByRole('button', { name: 'Back', exact: true }).click();
      await site.getByRole('heading', { name: 'Harbours' }).waitFor();
      await page.screenshot({ path: `build/screenshots/page-tab-${name}.png` });
      assert.deepEqual(offences, []);
      assert.deepEqual(asked(counterpart), ['butler/deliverable/file']);
      await stage.done(page);
    }
  });

  it('shows a page of too many parts as it was written', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: serveFiles, shows: 'preview' });
    const bytes = Buffer.from('<i><table>'.repeat(40_000));
    counterpart.answers['butler/deliverable/file'] = () => ({
      ...{ mime: 'text/html', encoding: 'base64', content: bytes.toString('base64') },
    });
    await page.getByText('Loading the preview…').waitFor();
    const [file] = harbours.files;
    assert.ok(file);
    const deliverable = { ...harbours, files: [{ ...file, size: bytes.length }] };
    await counterpart.post({ kind: 'preview', deliverable, path: file.path });
    await page.getByText('<i><table><i><table>').first().waitFor();
    assert.equal(await page.locator('iframe').count(), 0);
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('gets no way out of a hostile page', async () => {
    const hostile = files['hostile.html'];
    assert.ok(hostile);
    const { page, counterpart, offences } = await stage.open({ prepare: serveFiles, shows: 'preview' });
    await page.getByText('Loading the preview…').waitFor();
    const [file] = harbours.files;
    assert.ok(file);
    const deliverable = {
      ...harbours,
      files: [{ ...file, path: 'hostile.html', size: hostile.bytes.length }],
    };
    await counterpart.post({ kind: 'preview', deliverable, path: 'hostile.html' });
    const site = page.frameLocator('iframe');
    await site.getByText('the end of it').waitFor();
    for (const link of await site.getByRole('link').all()) await link.click();
    assert.equal(await page.title(), 'Butler');
    assert.equal(page.frames().length, 2);
    assert.deepEqual(asked(counterpart), ['butler/deliverable/file']);
    assert.deepEqual(counterpart.acts, []);
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  async function openSite(page: Page): Promise<FrameLocator> {
    await card(page, 'Harbours').getByRole('button', { name: 'Preview', exact: true }).click();
    return page.frameLocator('iframe');
  }
});

/** How the website stands in its frame, as the page around it sees it: in there no script runs, not even a test's. */
function dressOf(page: Page) {
  return page.evaluate(() => {
    const site = document.querySelector('iframe')?.contentDocument;
    const style = (name: string) => {
      const element = site?.querySelector(name);
      return element ? getComputedStyle(element) : null;
    };
    const picture = (alt: string) => site?.querySelector<HTMLImageElement>(`[alt="${alt}"]`);
    return {
      colour: style('h1')?.color,
      spacing: style('h1')?.letterSpacing,
      ground: style('body')?.backgroundImage ?? '',
      plan: picture('A plan')?.naturalWidth,
      spy: picture('from elsewhere')?.getAttribute('src'),
    };
  });
}

function asked({ requests }: Counterpart): string[] {
  return [...new Set(requests.map(({ method }) => method))];
}
