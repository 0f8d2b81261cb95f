import assert from 'node:assert/strict';
import { until } from '../support/until.ts';
import { job, session } from './counterpart.ts';
import { asked, scenes } from './scenes.ts';
import { beSeen, pressAtOnce, pressed } from './seen.ts';
import { openStage, type Stage } from './stage.ts';
import { digest, Story } from './story.ts';

describe('a question in the chat', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('takes no press before it was in sight for half a second, then sends exactly the digest shown', async () => {
    const { page, counterpart } = await stage.open({ prepare: scenes.run });
    await page.getByText('Shall I start this job?').waitFor();
    await pressAtOnce(page, '.ask[data-ask] vscode-button');
    await counterpart.append(asked().entries.map((entry) => ({ ...entry, seq: entry.seq + 10 })));
    await pressed(page);
    await beSeen(page);
    assert.ok(!decided(), 'a press in the first moment counts for nothing');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await until(decided);
    assert.deepEqual(counterpart.requests.at(-1)?.params, {
      id: 'ask-c9',
      digest: digest('e'),
      decision: 'approve',
    });
    await stage.done(page);

    function decided(): boolean {
      return counterpart.requests.some((one) => one.method === 'butler/approval/decide');
    }
  });

  it('is announced, found from the field, and can be denied by keyboard', async () => {
    const { page, counterpart } = await stage.open({ height: 420, prepare: scenes.run });
    await page.getByText('Shall I start this job?').waitFor();
    const story = new Story('s1', { seq: 50 }).ask('j2', 'Publish').say('j2', [call('c9')]);
    story.question('j2', 'c9', { kind: 'text', text: Array(60).fill('a line').join('\n') });
    await counterpart.append(story.entries);
    await page.getByText('Approval needed: Publish 4 files to ./public.').waitFor({ state: 'attached' });
    await page.getByRole('region', { name: 'Conversation' }).evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.getByRole('button', { name: 'Show', exact: true }).press('Enter');
    const question = page.getByRole('region', { name: 'Approval: Publish 4 files to ./public' });
    assert.ok(await question.evaluate((element) => element === document.activeElement));
    await beSeen(page);
    await page.getByRole('button', { name: 'Deny' }).press('Enter');
    await until(() => counterpart.requests.at(-1)?.params.decision === 'deny');
    const end = new Story('s1', { seq: 90 });
    end.add('approval.decided', 'j2', { approval: 'ask-c9', decision: 'denied', forJob: false });
    end.add(
      'call.refused',
      'j2',
      { call: 'c9', tool: 'publish', reason: 'denied', rule: 'the person' },
      { output: 'Denied.' },
    );
    await counterpart.append(end.entries);
    await page.getByText('Denied', { exact: true }).waitFor();
    assert.equal(await question.count(), 0);
    await stage.done(page);
  });

  it('offers no "for this job" where a built-in protection asks', async () => {
    const { page } = await stage.open({
      prepare: (counterpart) => {
        counterpart.sessions = [session('s1', 'Settings', { state: 'running' })];
        counterpart.session = 's1';
        counterpart.entries = new Story('s1')
          .begin('site')
          .ask('j1', 'Change the settings')
          .say('j1', [call('c1')])
          .question('j1', 'c1', null, {
            protected: true,
            title: 'Write .vscode/settings.json',
            effects: [
              {
                kind: 'write',
                path: '/project/.vscode/settings.json',
                shown: '.vscode/settings.json',
                place: 'workspace',
                reversible: true,
              },
              { kind: 'run', argv: ['rm', '-rf', 'a b'], cwd: '/project' },
              { kind: 'delete', path: '/etc/x', shown: '/etc/x', place: 'outside', reversible: false },
            ],
          }).entries;
      },
    });
    await page.getByText('Protected: always asked, each time').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Approve for this job' }).count(), 0);
    assert.deepEqual(await page.locator('.programs .word').allTextContents(), ['rm', '-rf', 'a b']);
    await page.getByText('outside the workspace').waitFor();
    await page.getByText('cannot be taken back').waitFor();
    await stage.done(page);
  });

  it('spells out what cannot be seen and hides neither end of a long text', async () => {
    const text = [
      'begin \u202e gnp.exe\u200b',
      ...Array.from({ length: 80 }, (_, index) => `line ${index}`),
      `end${' '.repeat(300)}; rm -rf /`,
    ].join('\n');
    const { page } = await stage.open({
      prepare: (counterpart) => {
        counterpart.sessions = [session('s1', 'Long', { state: 'running' })];
        counterpart.session = 's1';
        counterpart.entries = new Story('s1')
          .begin('site')
          .ask('j1', 'Go')
          .say('j1', [call('c1')])
          .question('j1', 'c1', { kind: 'text', text }, { title: 'Run \u2066x\u2069' }).entries;
      },
    });
    await page.getByText('Run \\u2066x\\u2069').first().waitFor();
    const shown = (await page.locator('.ask .long-text').textContent()) ?? '';
    assert.match(shown, /begin \\u202e gnp\.exe\\u200b/);
    assert.match(shown, /end\\u0020\{300\}; rm -rf \//);
    assert.ok(!shown.includes('line 40'));
    await page.getByRole('button', { name: /lines between, show all/ }).click();
    assert.match((await page.locator('.ask .long-text').textContent()) ?? '', /line 40/);
    await stage.done(page);
  });

  it('lets a job that was asked about first begin or end', async () => {
    const { page, counterpart } = await stage.open({ prepare: scenes.run });
    counterpart.answers['butler/job/approve'] = () => job('s1', 'queued');
    counterpart.answers['butler/job/abort'] = () => job('s1', 'aborted');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await until(() => counterpart.requests.at(-1)?.method === 'butler/job/approve');
    await page.getByRole('button', { name: 'Abort' }).click();
    await until(() => counterpart.requests.at(-1)?.method === 'butler/job/abort');
    await stage.done(page);
  });
});

function call(id: string) {
  return { kind: 'call', call: id, tool: 'publish', input: {} } as const;
}
