import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';
import type { Counterpart } from './counterpart.ts';
import { deliverable, serveFiles } from './deliveryScenes.ts';
import { bucket, publications, publicationThere, publish } from './publicationScenes.ts';
import { later, scenes } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';
import { Story } from './story.ts';

describe('publications on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  const undo = 'butler/job/undo';
  const of = { published: 'deliverable.published' } as const;
  const card = (page: Page, title: string) => page.getByRole('region', { name: `Deliverable: ${title}` });
  const row = (of: Locator, location: string) => of.getByRole('listitem').filter({ hasText: location });
  const words = async (of: Locator) => (await of.allInnerTexts()).map((text) => text.split(/\n+/));

  it('tells each place where a deliverable stands, and where it was taken back', async () => {
    const { page } = await stage.open({ prepare: publications });
    const site = card(page, 'Harbours');
    await site.getByText('Published', { exact: true }).waitFor();
    assert.deepEqual(await words(site.locator('.places > li')), [
      ['https://harbours.example.org/', 'Public: anyone can see it', 'Open', 'Undo'],
      [
        'sftp://anna@example.org/var/www/harbours',
        ...['Whoever the server lets in can see it', 'Open', 'Undo'],
      ],
      ['Taken back', '/project/public'],
    ]);
    await stage.done(page);
  });

  it('says of a version that a newer one took its place, and offers nothing there that would touch that', async () => {
    const { page, counterpart } = await stage.open({ prepare: publications });
    const [old, fresh] = [card(page, 'Tides').first(), card(page, 'Tides').last()];
    await old.getByText('Replaced by a newer version').waitFor();
    assert.deepEqual(await words(old.locator('.places > li')), [['/project/notes']]);
    assert.equal(await old.getByRole('button', { name: /^(Open|Undo)$/ }).count(), 0);
    await old.getByRole('button', { name: 'Publish again' }).waitFor();
    assert.deepEqual(await words(fresh.locator('.places > li')), [['/project/notes', 'Open', 'Undo']]);
    const story = later(counterpart.entries.length);
    story.add('deliverable.unpublished', 'j3', { deliverable: 'd3', execution: 'e5' });
    await counterpart.append(story.entries);
    await old.getByText('Published', { exact: true }).waitFor();
    await fresh.getByText('Draft, not published yet').waitFor();
    await stage.done(page);
  });

  it('hears of a newer version in another conversation too, and when that was taken back', async () => {
    const { page, counterpart } = await stage.open({ prepare: publications });
    const fresh = card(page, 'Tides').last();
    await fresh.getByText('Published', { exact: true }).waitFor();
    const [published] = counterpart.entries.filter(({ job, type }) => job === 'j3' && type === of.published);
    assert.ok(published?.type === of.published);
    const record = {
      ...{ ...published.data, job: 'j3', session: 's1', ability: 'site', type: 'document', title: 'Tides' },
      ...{ files: 1, bytes: 9, undone: null },
    };
    const list = 'butler/publication/list';
    counterpart.answers[list] = () => ({ publications: [{ ...record, stands: false }] });
    const elsewhere = new Story('s9', { seq: 900 });
    publish(elsewhere, 'j9', 'e9', 'd9', { target: 'local', location: '/project/notes' });
    await counterpart.append(elsewhere.entries);
    await fresh.getByText('Replaced by a newer version').waitFor();
    counterpart.answers[list] = () => ({ publications: [{ ...record, stands: true }] });
    const back = new Story('s9', { seq: 910 });
    back.add('deliverable.unpublished', 'j9', { deliverable: 'd9', execution: 'e9' });
    await counterpart.append(back.entries);
    await fresh.getByText('Published', { exact: true }).waitFor();
    await stage.done(page);
  });

  it('opens and copies the very publication, and takes it back as what the job did that published it', async () => {
    const { page, counterpart } = await stage.open({ prepare: publications });
    const there = row(card(page, 'Harbours'), bucket.location);
    await there.getByRole('button', { name: 'Open', exact: true }).click();
    await there.getByRole('button', { name: 'Copy the address' }).click();
    await until(() => counterpart.acts.length === 2);
    assert.deepEqual(counterpart.acts, [
      { act: 'openPublication', deliverable: 'd1', execution: 'e3' },
      { act: 'copy', text: bucket.url },
    ]);
    const done = Promise.withResolvers<unknown>();
    counterpart.answers[undo] = () => done.promise;
    await there.getByRole('button', { name: 'Undo', exact: true }).press('Enter');
    await there.getByText('Taking it back…').waitFor();
    done.resolve({ undone: [{ execution: 'e3', title: 'Publish' }], conflicts: [] });
    await page.getByText('Taken back: Publish').waitFor();
    assert.deepEqual(asked(counterpart, undo), [{ id: 'j2', execution: 'e3' }]);
    const story = later(counterpart.entries.length);
    story.add('deliverable.unpublished', 'j2', { deliverable: 'd1', execution: 'e3' });
    await counterpart.append(story.entries);
    await there.getByText('Taken back').waitFor();
    const site = card(page, 'Harbours');
    assert.ok(await site.evaluate((element) => element === document.activeElement), 'the keyboard stays');
    await stage.done(page);
  });

  it('offers no way back while the job that published is still at work', async () => {
    const { page, counterpart } = await stage.open({ prepare: publications });
    const story = later(counterpart.entries.length).ask('j4', 'Publish it again');
    await counterpart.append(publish(story, 'j4', 'e6', 'd1', { location: 's3://other' }).entries);
    const there = row(card(page, 'Harbours'), 's3://other');
    await there.getByRole('button', { name: 'Open', exact: true }).waitFor();
    assert.equal(await there.getByRole('button', { name: 'Undo' }).count(), 0);
    const end = later(counterpart.entries.length);
    end.add('job.completed', 'j4', {});
    await counterpart.append(end.entries);
    await there.getByRole('button', { name: 'Undo' }).waitFor();
    await stage.done(page);
  });

  it('leaves to each job what it changed beyond its publication, whoever published again', async () => {
    const { page, counterpart } = await stage.open({ prepare: scenes.job });
    await page.getByText('The site stands in').waitFor();
    const all = page.getByRole('button', { name: 'Undo all of it' });
    assert.equal(await all.count(), 0, 'the card has the way back');
    const story = later(counterpart.entries.length).ask('j2', 'Publish it again');
    story.say('j2', [{ kind: 'call', call: 'c8', tool: 'publish', input: {} }]);
    story.run('j2', 'c8', 'publish', 'Publish 4 files', 'Published.', true);
    publish(story, 'j2', 'e-c8', 'd1', bucket).add('job.completed', 'j2', {});
    await counterpart.append(story.entries);
    await all.waitFor();
    assert.equal(await all.count(), 1, 'the job without a card has its own');
    await stage.done(page);
  });

  it('goes on with a preview whatever becomes of the deliverable, without reading it again', async () => {
    const { page, counterpart } = await stage.open({ prepare: scenes.delivered, height: 1800 });
    const note = card(page, 'Tides');
    await note.getByRole('heading', { name: 'Tides' }).waitFor();
    await note.locator('.markdown').evaluate((element) => element.setAttribute('data-same', ''));
    const before = asked(counterpart, 'butler/deliverable/file').length;
    const story = publish(later(counterpart.entries.length), 'j1', 'e9', 'd3', bucket);
    await counterpart.append(story.entries);
    await note.getByText('Published', { exact: true }).waitFor();
    assert.equal(await note.locator('.markdown[data-same]').count(), 1);
    assert.equal(asked(counterpart, 'butler/deliverable/file').length, before);
    await stage.done(page);
  });

  it('says where a film cannot be played, with the way to the editor', async () => {
    const { page, counterpart } = await stage.open({ prepare: serveFiles, shows: 'preview' });
    await page.getByText('Loading the preview…').waitFor();
    const film = deliverable('d8', 'video', 'A film', ['film.mp4']);
    await counterpart.post({ kind: 'preview', deliverable: film, path: 'film.mp4' });
    await page.getByText('film.mp4 cannot be shown here').waitFor();
    await page.getByRole('button', { name: 'Open it in the editor' }).click();
    await until(() => counterpart.acts.length > 0);
    assert.deepEqual(counterpart.acts, [{ act: 'openDeliverable', deliverable: 'd8', path: 'film.mp4' }]);
    await stage.done(page);
  });

  for (const [where, scene, seen] of [
    ['this machine', scenes.question, 'Stays on this machine'],
    ['a folder of a server', publicationThere, 'Whoever the server lets in can see it'],
  ] as const) {
    it(`says before a publication to ${where} who will see it, and what undo does`, async () => {
      const { page } = await stage.open({ prepare: scene });
      const question = page.getByRole('region', { name: /^Approval: Publish 4/ });
      await question.getByText(seen).waitFor();
      await question.getByText(/^Taking it back: (Puts back the 2|Deletes the 4) files/).waitFor();
      await stage.done(page);
    });
  }
});

function asked({ requests }: Counterpart, wanted: string): unknown[] {
  return requests.flatMap(({ method, params }) => (method === wanted ? [params] : []));
}
