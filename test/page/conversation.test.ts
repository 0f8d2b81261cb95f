import assert from 'node:assert/strict';
import { until } from '../support/until.ts';
import { job } from './counterpart.ts';
import { forked } from './liveScenes.ts';
import { asked, later, long, running } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';

describe('a conversation on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  const message = 'Your message';

  it('shows an answer as it comes, drops it on a restart, and once the whole message is there', async () => {
    const { page, counterpart } = await stage.open({ prepare: running });
    await page.getByText('Working…').waitFor();
    await counterpart.token('j1', 'thinking', 'Let me see.');
    await counterpart.token('j1', 'text', 'The first ');
    await counterpart.token('j1', 'text', '**half**');
    await page.locator('.live strong', { hasText: 'half' }).waitFor();
    await counterpart.token('j1', 'restart', '');
    await counterpart.token('j1', 'text', 'A new answer');
    await page.locator('.live', { hasText: 'A new answer' }).waitFor();
    assert.equal(await page.getByText('The first').count(), 0);
    const whole = later(counterpart.entries.length).text('j1', 'A new answer, whole.');
    whole.add('job.completed', 'j1', {});
    await counterpart.append(whole.entries);
    await page.locator('.turn:not(.live)', { hasText: 'A new answer, whole.' }).waitFor();
    assert.equal(await page.locator('.live').count(), 0);
    const spoken = page.locator('[aria-live=polite]', { hasText: 'Answer finished: A new answer, whole.' });
    assert.equal(await spoken.count(), 1);
    await stage.done(page);
  });

  it('stops a running job', async () => {
    const { page, counterpart } = await stage.open({ prepare: running });
    counterpart.answers['butler/job/abort'] = () => job('s1', 'aborting');
    await page.getByRole('button', { name: 'Stop' }).click();
    await until(() => counterpart.requests.some((one) => one.method === 'butler/job/abort'));
    const story = later(counterpart.entries.length);
    story.add('job.abortRequested', 'j1', {});
    story.add('job.aborted', 'j1', {});
    await counterpart.append(story.entries);
    await page.getByText('Stopped.').waitFor();
    await stage.done(page);
  });

  it('loses nothing in a reload: session, unsent words and the place in the conversation', async () => {
    const { page, counterpart } = await stage.open({ prepare: long(300) });
    await page.getByText('Answer 299').waitFor();
    await page.getByLabel(message).fill('half a thought');
    const scroller = page.getByRole('region', { name: 'Conversation' });
    // A row that is drawn just then takes the page back to its end, as long as nobody is known to have left it.
    await until(async () => {
      await scroller.evaluate((element) => {
        element.scrollTop -= 2500;
      });
      return page.getByRole('button', { name: 'Jump to newest' }).isVisible();
    });
    const topRow = () =>
      page.evaluate(() => {
        const edge = document.querySelector('.scroller')?.getBoundingClientRect().top ?? 0;
        const turns = [...document.querySelectorAll<HTMLElement>('[data-seq]')];
        return turns.find((turn) => turn.getBoundingClientRect().bottom > edge)?.dataset.seq;
      });
    await until(() => page.evaluate(isKeptAndDrawn));
    const before = await topRow();
    counterpart.session = undefined;
    await page.reload();
    await page.locator(`[data-seq="${before}"]`).waitFor();
    await until(async () => (await topRow()) === before);
    assert.equal(await page.getByLabel(message).inputValue(), 'half a thought');
    await stage.done(page);
  });

  it('catches up with what was appended while the worker was away', async () => {
    const { page, counterpart } = await stage.open({ prepare: running });
    await page.getByText('Working…').waitFor();
    counterpart.worker = 'stopped';
    await counterpart.tellState();
    await page.getByText('The butler stopped. Nothing is lost.').waitFor();
    await page.getByRole('button', { name: 'Restart' }).click();
    await until(() => counterpart.acts.some((act) => act.act === 'restartWorker'));
    const missed = later(counterpart.entries.length);
    missed.add('job.recovered', 'j1', { worker: 'w2', from: 'w1' });
    missed.text('j1', 'Done after all.').add('job.completed', 'j1', {});
    counterpart.entries.push(...missed.entries);
    counterpart.worker = 'ready';
    await counterpart.tellState();
    await page.getByText('Done after all.').waitFor();
    await page.getByText('another one went on from here').waitFor();
    await stage.done(page);
  });

  it('shows the session that was wanted last, where two are wanted at once', async () => {
    const { page, counterpart } = await stage.open({
      prepare: (one) => {
        forked(one);
        one.session = undefined;
      },
    });
    await page.getByText('What is a tide? (fork)').waitFor();
    const [own, other] = [
      { kind: 'show', session: 's1', job: 'j1' } as const,
      { kind: 'show', session: 's0', job: 'j0' } as const,
    ];
    await Promise.all([counterpart.post(own), counterpart.post(other)]);
    await page.getByRole('heading', { name: 'What is a tide?', exact: true }).waitFor();
    await stage.done(page);
  });

  it('drops what does not fit the contract', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: running });
    await page.getByText('Working…').waitFor();
    const [first] = asked().entries;
    await counterpart.post({
      kind: 'news',
      method: 'butler/journal/appended',
      params: { entries: [{ ...first, seq: 'x' }] },
    });
    await counterpart.post({ kind: 'news', method: 'butler/unknown', params: {} });
    await page.evaluate(() => window.postMessage({ kind: 'state', worker: 'haunted' }, '*'));
    await counterpart.append(later(counterpart.entries.length).text('j1', 'Still here.').entries);
    await page.getByText('Still here.').first().waitFor();
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('opens ten thousand messages at the newest, draws few of them, and reaches the first', async () => {
    const { page, offences } = await stage.open({ prepare: long(5000) });
    await page.getByText('Answer 4999').waitFor();
    const drawn = () => page.locator('[data-seq]').count();
    assert.ok((await drawn()) < 200, 'the first window is small');
    const scroller = page.getByRole('region', { name: 'Conversation' });
    await until(async () => {
      await scroller.evaluate((element) => {
        element.scrollTop = 0;
      });
      return (await page.getByText('The beginning of this session').count()) > 0;
    });
    await scroller.evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.getByText('Answer 0', { exact: true }).waitFor();
    assert.ok((await drawn()) < 400, `${await drawn()} turns are drawn`);
    await page.getByRole('button', { name: 'Jump to newest' }).click();
    await page.getByText('Answer 4999').waitFor();
    assert.deepEqual(offences, []);
    await stage.done(page);
  });
});

/** Whether the page keeps a place, and all is drawn that is in sight there. */
function isKeptAndDrawn(): boolean {
  const kept = sessionStorage.getItem(`state ${document.documentElement.dataset.scene}`);
  if (!(JSON.parse(kept ?? '{}') as { anchor?: object }).anchor) return false;
  const sight = document.querySelector('.scroller')?.getBoundingClientRect();
  return [...document.querySelectorAll('.chunk')].every((chunk) => {
    const { top, bottom } = chunk.getBoundingClientRect();
    return chunk.hasChildNodes() || !sight || bottom < sight.top || top > sight.bottom;
  });
}
