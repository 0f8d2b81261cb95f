import assert from 'node:assert/strict';
import { failures } from '../../server/protocol/failure.ts';
import { until } from '../support/until.ts';
import { type Counterpart, job, session } from './counterpart.ts';
import { image } from './liveScenes.ts';
import { openStage, type Stage } from './stage.ts';
import { digest, Story } from './story.ts';

describe('what a person gave with the words, on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  const create = 'butler/job/create';
  const files = [{ name: 'notes.txt', digest: digest('a'), size: 2_500, mime: 'text/plain' }];
  const given = (story: Story, id: string, text: string) => {
    const data = { ability: 'writer', kind: 'task', workspace: '/project' } as const;
    story.add('job.created', id, data, { text, images: [image], files });
    return story;
  };
  const told = (tell: (story: Story) => unknown) => (counterpart: Counterpart) => {
    const story = new Story('s1').begin('writer');
    tell(story);
    counterpart.sessions = [session('s1', 'Sum it up', { ability: 'writer' })];
    counterpart.session = 's1';
    counterpart.entries = story.entries;
    counterpart.answers[create] = () => job('s1', 'queued');
  };

  it('goes along when the words are changed, and when the answer is asked anew', async () => {
    const answered = told((story) =>
      given(story, 'j1', 'Sum it up').text('j1', 'It is short.').add('job.completed', 'j1', {}),
    );
    const { page, counterpart } = await stage.open({ prepare: answered });
    await page.getByRole('button', { name: 'Try again' }).click();
    await until(() => made(counterpart).length === 1);
    await page.getByRole('button', { name: 'Edit and resend' }).press('Enter');
    await page.getByLabel('Your message, to change').fill('Sum it up again');
    await page.getByLabel('Your message, to change').press('Enter');
    await until(() => made(counterpart).length === 2);
    for (const params of made(counterpart)) assert.deepEqual([params.files, params.images], [files, [image]]);
    await stage.done(page);
  });

  it('goes along when a failed job is handed over again, and when words in the queue are changed', async () => {
    const failure = failures.offline('The provider could not be reached.');
    const failed = told((story) => {
      given(story, 'j1', 'Sum it up').add('job.failed', 'j1', { failure });
      story.ask('j2', 'Something else');
      given(story, 'j3', 'And this');
    });
    const { page, counterpart } = await stage.open({ prepare: failed });
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await until(() => made(counterpart).length === 1);
    await page.getByRole('button', { name: 'Edit “And this”' }).click();
    await page.getByLabel('Your message, to change').press('Enter');
    await until(() => made(counterpart).length === 2);
    for (const params of made(counterpart)) assert.deepEqual([params.files, params.images], [files, [image]]);
    await stage.done(page);
  });

  it('comes back to the field with the words of a job that was withdrawn', async () => {
    const withdrawn = told((story) => {
      given(story, 'j1', 'Sum it up').add('job.aborted', 'j1', {});
    });
    const { page, counterpart } = await stage.open({ prepare: withdrawn });
    await page.getByText('Withdrawn before it began').click();
    await page.locator('.earlier').getByRole('button', { name: 'Edit and resend' }).click();
    await page.locator('.composer').getByText('notes.txt, 2.5 KB').waitFor();
    await page.getByLabel('Your message', { exact: true }).press('Enter');
    await until(() => made(counterpart).length === 1);
    assert.deepEqual(made(counterpart)[0]?.files, files);
    assert.deepEqual(made(counterpart)[0]?.images, [image]);
    await stage.done(page);
  });

  function made({ requests }: Counterpart): Record<string, unknown>[] {
    return requests.flatMap(({ method, params }) => (method === create ? [params] : []));
  }
});
