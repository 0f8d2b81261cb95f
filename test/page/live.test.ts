import assert from 'node:assert/strict';
import { failures } from '../../server/protocol/failure.ts';
import { until } from '../support/until.ts';
import { job, Refusal } from './counterpart.ts';
import { atWork, forked, image, unreachable, versions } from './liveScenes.ts';
import { later } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';

describe('live feedback on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  const message = 'Your message';
  const create = 'butler/job/create';

  it('tells the job at work with Enter, and keeps the words where it has ended meanwhile', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: atWork });
    const field = page.getByLabel(message, { exact: true });
    counterpart.answers['butler/job/steer'] = () => {
      throw new Refusal(failures.conflict('The job has ended.', 'Hand it over as a new job.'));
    };
    await page.getByText('Enter tells it, Alt+Enter queues').waitFor();
    await field.fill('Only the second part');
    await field.press('Enter');
    await page.getByText('Hand it over as a new job.').waitFor();
    assert.equal(await field.inputValue(), 'Only the second part');
    counterpart.answers['butler/job/steer'] = ({ text }) => {
      const story = later(counterpart.entries.length);
      story.add('job.steered', 'j1', {}, { text });
      void counterpart.append(story.entries);
      return job('s1', 'running');
    };
    await field.press('Enter');
    await page.locator('.words', { hasText: 'Only the second part' }).waitFor();
    assert.equal(await field.inputValue(), '');
    assert.deepEqual(counterpart.requests.at(-1)?.params, { id: 'j1', text: 'Only the second part' });
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('queues with Alt+Enter, and shows what waits to be changed or removed', async () => {
    const { page, counterpart } = await stage.open({ prepare: atWork });
    const field = page.getByLabel(message, { exact: true });
    const queue = page.getByRole('region', { name: '2 jobs wait behind this one' });
    await queue.waitFor();
    assert.equal(await queue.getByRole('listitem').count(), 2);
    assert.equal(await page.locator('.timeline', { hasText: 'And write the release notes' }).count(), 0);
    counterpart.answers[create] = () => job('s1', 'queued');
    counterpart.answers['butler/job/abort'] = () => job('s1', 'aborted');
    await field.fill('And a summary');
    await field.press('Alt+Enter');
    await until(() => counterpart.requests.at(-1)?.method === create);
    assert.deepEqual(counterpart.requests.at(-1)?.params, {
      session: 's1',
      text: 'And a summary',
      kind: 'task',
    });
    await queue.getByRole('button', { name: 'Edit “And write the release notes”' }).press('Enter');
    const edit = page.getByLabel('Your message, to change');
    await edit.fill('And write them in German');
    await edit.press('Enter');
    await until(() => counterpart.requests.at(-1)?.params.replaces === 'j3');
    assert.equal(counterpart.requests.at(-1)?.params.text, 'And write them in German');
    await queue.getByRole('button', { name: 'Remove “And write the release notes”' }).click();
    await until(() => counterpart.requests.at(-1)?.method === 'butler/job/abort');
    assert.deepEqual(counterpart.requests.at(-1)?.params, { id: 'j3' });
    assert.ok(await field.evaluate((element) => element === document.activeElement));
    await stage.done(page);
  });

  it('queues with Enter while a playbook runs, which follows its steps only', async () => {
    const { page, counterpart } = await stage.open({
      prepare: (one) => {
        atWork(one);
        one.abilities = one.abilities.map((ability) => ({ ...ability, provider: 'offline' }));
      },
    });
    counterpart.answers[create] = () => job('s1', 'queued');
    await page.getByText('Enter queues it as the next job').waitFor();
    await page.getByLabel(message, { exact: true }).fill('Next');
    await page.getByRole('button', { name: 'Queue as the next job' }).click();
    await until(() => counterpart.requests.at(-1)?.method === create);
    await stage.done(page);
  });

  it('takes images by paste and drop, keeps them over a reload, and hands them over with the job', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: versions });
    counterpart.answers['butler/image/add'] = () => image;
    counterpart.answers[create] = () => job('s1', 'queued');
    await page.evaluate(give, { type: 'paste', name: 'plan.png', kind: 'image/png' });
    await page.getByText('PNG, 1200 × 800').waitFor();
    await page.locator('.image-chip img').waitFor();
    await page.screenshot({ path: 'build/screenshots/page-image.png' });
    await page.reload();
    await page.locator('.image-chip img').waitFor();
    await page.getByLabel(message, { exact: true }).fill('As in this picture');
    await page.getByLabel(message, { exact: true }).press('Enter');
    await until(() => counterpart.requests.at(-1)?.method === create);
    assert.deepEqual(counterpart.requests.at(-1)?.params.images, [image]);
    await page.locator('.composer .image-chip').waitFor({ state: 'detached' });
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('takes any other file in parts, keeps it over a reload, and hands it over with the job', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: versions });
    const file = { name: 'notes.txt', digest: 'a'.repeat(64), size: 2_500_000, mime: 'text/plain' };
    const parts: { arrival?: string; last?: boolean }[] = [];
    counterpart.answers['butler/attachment/addPart'] = (params) => {
      parts.push(params);
      return { arrival: 'one', file: parts.at(-1)?.last ? file : null };
    };
    counterpart.answers[create] = () => job('s1', 'queued');
    await page.evaluate(give, { type: 'drop', name: 'notes.txt', kind: 'text/plain', fill: 4_000_000 });
    await page.getByText('notes.txt, 2.5 MB').waitFor();
    assert.deepEqual(
      parts.map(({ arrival, last }) => [arrival, last]),
      [
        [undefined, false],
        ['one', true],
      ],
    );
    await page.reload();
    await page.getByText('notes.txt, 2.5 MB').waitFor();
    await page.screenshot({ path: 'build/screenshots/page-attached.png' });
    await page.getByLabel(message, { exact: true }).fill('Sum it up');
    await page.getByLabel(message, { exact: true }).press('Enter');
    await until(() => counterpart.requests.at(-1)?.method === create);
    assert.deepEqual(counterpart.requests.at(-1)?.params.files, [file]);
    await page.locator('.composer .image-chip').waitFor({ state: 'detached' });
    await page.evaluate(give, { type: 'drop', name: 'again.txt', kind: 'text/plain' });
    await page.getByRole('button', { name: 'Remove notes.txt' }).click();
    await page.locator('.composer .image-chip').waitFor({ state: 'detached' });
    await page.evaluate(give, { type: 'drop', name: 'broken.png', kind: 'image/png', fill: 9 });
    await page.getByText('“broken.png” is no image that I can read.').waitFor();
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('says where the provider stands, and leads to the key that is missing', async () => {
    const { page, counterpart } = await stage.open({ prepare: forked });
    await page.getByRole('button', { name: 'Set API key' }).click();
    await until(() => counterpart.acts.length > 0);
    assert.deepEqual(counterpart.acts, [{ act: 'setKey', provider: 'anthropic' }]);
    counterpart.providers = counterpart.providers.map((one) => ({ ...one, key: 'set' }));
    await counterpart.post({ kind: 'news', method: 'butler/provider/changed', params: {} });
    await page.locator('.connection').waitFor({ state: 'detached' });
    await stage.done(page);
  });

  it('says to a screen reader who took over, that it waits for the network, and that it is back', async () => {
    const { page, counterpart } = await stage.open({ prepare: unreachable });
    await page.getByText('Anthropic cannot be reached. Jobs wait until it is back.').waitFor();
    assert.equal(await page.getByText('Working…').count(), 0);
    const story = later(counterpart.entries.length);
    story.add('network.returned', 'j1', { who: 'anthropic' });
    await counterpart.append(story.entries);
    const spoken = page.locator('[aria-live=polite]', {
      hasText: 'It waited for the network, which is back.',
    });
    await spoken.waitFor({ state: 'attached' });
    await page.getByText('Working…').waitFor();
    await stage.done(page);
  });
});

/** A file that is given to the page; with `fill` so many letters instead of a picture. */
interface Given {
  readonly type: string;
  readonly name: string;
  readonly kind: string;
  readonly fill?: number;
}

/** Gives the field a file as a person would, by paste or by drop. */
async function give({ type, name, kind, fill }: Given): Promise<void> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 240, height: 160 });
  const pen = canvas.getContext('2d');
  pen?.fillRect(0, 0, 240, 160);
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  const bytes = fill === undefined ? drawn : new Blob(['x'.repeat(fill)]);
  const data = new DataTransfer();
  data.items.add(new File([bytes ?? ''], name, { type: kind }));
  const options = { bubbles: true, cancelable: true };
  const event =
    type === 'paste'
      ? new ClipboardEvent(type, { ...options, clipboardData: data })
      : new DragEvent(type, { ...options, dataTransfer: data });
  document.querySelector('.composer-field')?.dispatchEvent(event);
}
