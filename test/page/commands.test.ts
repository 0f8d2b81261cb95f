import assert from 'node:assert/strict';
import { until } from '../support/until.ts';
import type { Counterpart } from './counterpart.ts';
import { axeFaults } from './faults.ts';
import { process, runningCommand } from './safetyScenes.ts';
import { later } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';

describe('a command on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('shows its newest line folded, all of it open, and how it ended', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: runningCommand });
    const call = page.getByRole('button', { name: /Run npm run build/ });
    await page.locator('.command-tail', { hasText: 'Compiling the pages…' }).waitFor();
    await wrote(counterpart, 'page 1 of 4\n');
    await page.locator('.command-tail', { hasText: 'page 1 of 4' }).waitFor();
    await call.click();
    const output = page.getByRole('region', { name: 'Output so far' });
    await output.getByText('Reading 4 files').waitFor();
    await wrote(counterpart, 'evil \u202e text\u0007\n');
    await output.getByText('evil \\u202e text\\u0007').waitFor();
    await page.screenshot({ path: 'build/screenshots/page-liveOutput.png' });
    assert.deepEqual(await axeFaults(page), []);
    await page.getByRole('button', { name: 'Show in terminal' }).click();
    await until(() => counterpart.acts.length > 0);
    assert.deepEqual(counterpart.acts, [{ act: 'showCommand', execution: 'e-c1' }]);
    await changed(counterpart, { state: 'ended', exit: 2 });
    const story = later(counterpart.entries.length);
    const end = { execution: 'e-c1', call: 'c1', end: 'ok', undoable: true } as const;
    story.add('execution.finished', 'j1', end, { output: 'exit 2\nBroken link.' });
    await counterpart.append(story.entries);
    await call.getByText('exit 2').waitFor();
    assert.equal(await output.count(), 0);
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('that runs in the background says so, and can be ended', async () => {
    const { page, counterpart } = await stage.open({
      prepare: (one) => {
        runningCommand(one);
        one.processes = [{ process: process('e-c1', { background: true }), output: 'Serving\n' }];
      },
    });
    const call = page.getByRole('button', { name: /Run npm run build/ });
    await call.getByText('in the background').waitFor();
    await call.click();
    await page.getByRole('button', { name: 'End it' }).click();
    await until(() => counterpart.requests.at(-1)?.method === 'butler/process/end');
    assert.deepEqual(counterpart.requests.at(-1)?.params, { id: 'e-c1' });
    await changed(counterpart, { background: true, state: 'ended' });
    await call.getByText('ended', { exact: true }).waitFor();
    await stage.done(page);
  });

  it('keeps the page quick and its memory small however much it writes', async () => {
    const { page, counterpart } = await stage.open({ prepare: runningCommand });
    await page.getByRole('button', { name: /Run npm run build/ }).click();
    const output = page.getByRole('region', { name: 'Output so far' });
    await output.waitFor();
    for (let part = 0; part < 100; part++) await wrote(counterpart, `${'x'.repeat(79)}\n`.repeat(50));
    await wrote(counterpart, 'the last line\n');
    await output.getByText('the last line').waitFor();
    const length = (await output.textContent())?.length ?? 0;
    assert.ok(length <= 31_000, `${length}`);
    await stage.done(page);
  });
});

describe('the mode of a job on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('is shown and changed while the job works, by keyboard', async () => {
    const { page, counterpart } = await stage.open({ prepare: runningCommand });
    counterpart.answers['butler/job/setMode'] = () => {
      throw new Error('not yet');
    };
    const button = page.getByRole('button', { name: 'Mode of the job at work: Ask' });
    await button.press('Enter');
    await page.getByText('In every mode I ask before I touch protected files').waitFor();
    await page.screenshot({ path: 'build/screenshots/page-modes.png' });
    assert.deepEqual(await axeFaults(page), []);
    const chosen = page.getByRole('menuitemradio', { checked: true });
    await until(() => chosen.evaluate((element) => element === document.activeElement));
    await page.keyboard.press('Escape');
    await until(() => button.evaluate((element) => element === document.activeElement));
    await button.press('Enter');
    await until(() => chosen.evaluate((element) => element === document.activeElement));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(() => counterpart.requests.at(-1)?.method === 'butler/job/setMode');
    assert.deepEqual(counterpart.requests.at(-1)?.params, { id: 'j1', mode: 'assisted' });
    const story = later(counterpart.entries.length);
    story.add('job.modeSet', 'j1', { mode: 'allow' });
    await counterpart.append(story.entries);
    await page.getByRole('button', { name: 'Mode of the job at work: Allow' }).waitFor();
    await stage.done(page);
  });

  it('is chosen for the next job only, and says what the setting is before', async () => {
    const { page, counterpart } = await stage.open({
      prepare: (one) => {
        runningCommand(one);
        one.mode = 'assisted';
        const story = later(one.entries.length);
        story.add('job.completed', 'j1', {});
        one.entries.push(...story.entries);
      },
    });
    counterpart.answers['butler/job/create'] = () => {
      throw new Error('no');
    };
    await page.getByRole('button', { name: 'Mode of the next job: Assisted' }).click();
    await page.getByRole('menuitemradio', { name: /^Allow/ }).click();
    await page.getByRole('button', { name: 'Mode of the next job: Allow' }).waitFor();
    const field = page.getByLabel('Your message', { exact: true });
    await field.fill('Go on');
    await field.press('Enter');
    await until(() => counterpart.requests.at(-1)?.method === 'butler/job/create');
    assert.equal(counterpart.requests.at(-1)?.params.mode, 'allow');
    await page.getByRole('button', { name: 'Mode of the next job: Allow' }).waitFor();
    await stage.done(page);
  });
});

async function wrote(counterpart: Counterpart, text: string): Promise<void> {
  await counterpart.post({ kind: 'news', method: 'butler/process/output', params: { id: 'e-c1', text } });
}

async function changed(counterpart: Counterpart, change: Parameters<typeof process>[1]): Promise<void> {
  const params = { process: process('e-c1', change) };
  await counterpart.post({ kind: 'news', method: 'butler/process/changed', params });
}
