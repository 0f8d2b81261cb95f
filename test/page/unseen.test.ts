import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';
import { type Counterpart, session } from './counterpart.ts';
import { deliverable, serveFiles } from './deliveryScenes.ts';
import { axeFaults, overflowing } from './faults.ts';
import { openStage, type Stage } from './stage.ts';
import { Story } from './story.ts';

const report = deliverable('d8', 'document', 'The report', ['report.pdf']);
const weights = deliverable('d9', 'weights', 'Weights', ['data.bin']);

describe('what the page cannot draw', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  /** The acts that the ways out of a look at a file come to. */
  const waysOut = async (page: Page, counterpart: Counterpart, name: string) => {
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator('.look-instead').getByRole('button', { name: 'Save as…' }).click();
    await until(() => counterpart.acts.length === 2);
    return counterpart.acts.splice(0);
  };
  const outside = 'Open in another program';

  it('is told of in its card: a PDF by title, pages and size, other files by kind and size', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: made });
    const pdf = page.getByRole('region', { name: 'Deliverable: The report' });
    await pdf.getByText('Tides', { exact: true }).waitFor();
    await pdf.getByText(/^PDF · 12 pages · \d+ B$/).waitFor();
    await pdf.getByText('The editor does not show PDF files; another program does.').waitFor();
    const binary = page.getByRole('region', { name: 'Deliverable: Weights' });
    await binary.getByText('application/octet-stream · 3 B').waitFor();
    await binary.getByText('There is no preview of this kind of file here.').waitFor();
    await binary.getByRole('button', { name: 'Open it in the editor' }).waitFor();
    await page.screenshot({ path: 'build/screenshots/page-unseen.png' });
    assert.deepEqual(await axeFaults(page), []);
    assert.deepEqual(offences, []);
    await pdf.getByRole('button', { name: outside }).click();
    await until(() => counterpart.acts.length === 1);
    assert.deepEqual(counterpart.acts, [{ act: 'openOutside', deliverable: 'd8', path: 'report.pdf' }]);
    await stage.done(page);
  });

  it('is told of in a tab, from where it is opened and saved, among files that can be drawn too', async () => {
    const width = 220;
    const { page, counterpart } = await stage.open({ prepare: serveFiles, shows: 'preview', width });
    await page.getByText('Loading the preview…').waitFor();
    const all = deliverable('d8', 'document', 'The report', ['notes.md', 'report.pdf', 'data.bin']);
    await counterpart.post({ kind: 'preview', deliverable: all, path: 'notes.md' });
    await page.getByRole('heading', { name: 'Tides' }).waitFor();
    const pick = page.getByLabel('Page', { exact: true });
    await pick.selectOption('report.pdf');
    await page.getByText(/^PDF · 12 pages · \d+ B$/).waitFor();
    assert.equal(await overflowing(page), '');
    assert.deepEqual(await axeFaults(page), []);
    const pdf = { deliverable: 'd8', path: 'report.pdf' };
    assert.deepEqual(await waysOut(page, counterpart, outside), [
      { act: 'openOutside', ...pdf },
      { act: 'saveDeliverable', ...pdf },
    ]);
    await pick.selectOption('data.bin');
    const binary = { deliverable: 'd8', path: 'data.bin' };
    assert.deepEqual(await waysOut(page, counterpart, 'Open it in the editor'), [
      { act: 'openDeliverable', ...binary },
      { act: 'saveDeliverable', ...binary },
    ]);
    await stage.done(page);
  });
});

function made(counterpart: Counterpart): void {
  counterpart.sessions = [session('s1', 'Write a report')];
  counterpart.session = 's1';
  serveFiles(counterpart);
  const story = new Story('s1').begin('site').ask('j1', 'Write a report');
  for (const one of [report, weights]) story.add('deliverable.saved', 'j1', { deliverable: one });
  story.add('job.completed', 'j1', {});
  counterpart.entries = story.entries;
}
