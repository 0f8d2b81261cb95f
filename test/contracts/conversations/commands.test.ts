import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { abortJob } from '../../../server/core/jobs.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { nap, runningWith } from '../../support/naps.ts';
import { until } from '../../support/until.ts';
import { type Answering, calls, crewOfEachTest, says, scripted } from './crew.ts';

describe('a job that runs commands', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const hand = (mode: 'ask' | 'assisted' | 'allow', ...script: Answering[]): Promise<Job> => {
    const { provider } = scripted(...script);
    crew.work('worker', { provider, mode: () => mode });
    return stage.hand('butler', 'Run it');
  };
  const outputs = async (job: Job) => {
    const { turns } = await stage.transcript(job.session);
    return turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls.map((one) => one.output) : []));
  };
  const run = (command: string, more: object = {}) => calls('run_command', { command, ...more });

  it('asks for each in the mode that asks, with the command and what holds it', async () => {
    const job = await hand('ask', run('echo hello > made.txt'), says('Done.'));
    const question = await stage.question(job);
    assert.equal(question.title, 'Run echo hello > made.txt');
    assert.ok(question.effects.some((effect) => effect.kind === 'run' && effect.sandboxed === true));
    assert.ok(question.effects.some((effect) => effect.kind === 'write' && effect.shown === 'made.txt'));
    assert.ok(!existsSync(path.join(stage.workspace, 'made.txt')), 'nothing ran yet');
    await stage.decide(question, 'approve');
    await stage.end(job);
    assert.equal(await readFile(path.join(stage.workspace, 'made.txt'), 'utf8'), 'hello\n');
  });

  it('lets what is held and can be undone run by itself in the assisted mode, and takes it back', async () => {
    const job = await hand('assisted', run('echo hello > made.txt'), says('Done.'));
    await stage.end(job);
    assert.equal((await outputs(job))[0], 'Exit code 0.\nIt wrote nothing.');
    const undone = await undoJob(stage.butler, { id: job.id }, 'person:test');
    assert.ok(undone.ok);
    assert.ok(!existsSync(path.join(stage.workspace, 'made.txt')));
  });

  it('asks in every mode for what is guarded, and for what nobody can tell', async () => {
    const job = await hand('allow', run('echo {} > .vscode/settings.json'), run('eval "$X"'), says('Done.'));
    for (let times = 0; times < 2; times++) {
      const question = await stage.question(job);
      assert.equal(question.protected, true, question.title);
      await stage.decide(question, 'deny');
    }
    await stage.end(job);
    assert.ok(!existsSync(path.join(stage.workspace, '.vscode/settings.json')));
  });

  it('writes what is guarded after a person said so', async () => {
    const job = await hand(
      'allow',
      run('mkdir -p .vscode && echo {} > .vscode/settings.json'),
      says('Done.'),
    );
    await stage.decide(await stage.question(job), 'approve');
    await stage.end(job);
    assert.equal(await readFile(path.join(stage.workspace, '.vscode/settings.json'), 'utf8'), '{}\n');
  });

  it('ends the commands in the background when it ends', async () => {
    const job = await hand('allow', run(nap(451), { background: true }), says('Done.'));
    const question = await stage.question(job);
    assert.equal(question.protected, true, 'what goes on unwatched is asked for in every mode');
    await stage.decide(question, 'approve');
    await stage.end(job);
    await until(() => runningWith(nap(451)) === 0);
    assert.match((await outputs(job))[0] ?? '', /^It runs in the background as /);
  });

  it('ends all of them when it is aborted', async () => {
    const job = await hand(
      'allow',
      run(nap(452), { background: true }),
      run(`touch up; ${nap(453)}`),
      says('Done.'),
    );
    await stage.decide(await stage.question(job), 'approve');
    await until(() => existsSync(path.join(stage.workspace, 'up')));
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    await until(() => runningWith(nap('45[23]')) === 0);
  });

  it('ends all of them when the worker stops', async () => {
    await hand('allow', run(`touch up; ${nap(454)}`));
    await until(() => existsSync(path.join(stage.workspace, 'up')));
    await crew.dismiss();
    await until(() => runningWith(nap(454)) === 0);
  });
});
