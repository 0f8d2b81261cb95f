import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAbility } from '../../../server/core/abilities.ts';
import { abortJob } from '../../../server/core/jobs.ts';
import { steerJob } from '../../../server/core/steer.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { gone } from '../../support/gone.ts';
import { hire, lease } from '../conversations/crew.ts';
import { calls, piOfEachTest, refuses, says } from './piStage.ts';

const person = 'person:test';
/** Writes down who it is and who started it, and then takes its time. */
const sleeps = calls(['bash', { command: 'echo $$ $PPID > pids; sleep 300 & sleep 300' }]);

describe('an Ability on pi, when something goes wrong', function () {
  this.timeout(60_000);
  const { stage, set } = piOfEachTest();
  const failureOf = async (job: Job) => {
    const { state, failure } = await stage.end(job);
    assert.equal(state, 'failed');
    return `${failure?.kind}: ${failure?.what} ${failure?.mend}`;
  };
  const turnsOf = async (job: Job) => (await stage.transcript(job.session)).turns;
  const results = async (job: Job) =>
    (await turnsOf(job)).flatMap((turn) =>
      turn.kind === 'assistant' ? turn.calls.map(({ state, output }) => `${state}: ${output}`) : [],
    );
  /** The command that runs and the pi that runs it. */
  const running = async () => {
    for (;;) {
      const text = await readFile(path.join(stage.workspace, 'pids'), 'utf8').catch(() => '');
      const pids = text.trim().split(' ').map(Number);
      if (pids.length === 2) return pids;
      await pause(20);
    }
  };

  it('stops with its commands and theirs where the job is aborted, and leaves no half of anything', async () => {
    await set([sleeps]);
    const job = await stage.hand('piper', 'Wait.');
    await stage.decide(await stage.question(job), 'approve');
    const pids = await running();
    await abortJob(stage.butler, job.id, person);
    assert.equal((await stage.end(job)).state, 'aborted');
    await gone(...pids);
    // Whose word comes first: ours, the command's, or that of pi, which is stopped at the same moment.
    assert.match(
      (await results(job)).join(),
      /^error: (It was stopped|Command aborted|Not done: nobody answered)/,
    );
    assert.deepEqual(await readdir(path.join(stage.home, 'pi')), []);
  });

  it('keeps nothing of an answer that was aborted in its middle', async () => {
    await set([says('A long answer that comes in very many small pieces. '.repeat(20))], { slow: true });
    const job = await stage.hand('piper', 'Tell me.');
    while (!stage.passing.some((one) => one.kind === 'token')) await pause(20);
    await abortJob(stage.butler, job.id, person);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.deepEqual(
      (await turnsOf(job)).map(({ kind }) => kind),
      ['person', 'aborted'],
    );
  });

  it('fails and says so where pi dies, and ends what pi had started', async () => {
    await set([sleeps]);
    const job = await stage.hand('piper', 'Wait.');
    await stage.decide(await stage.question(job), 'approve');
    const pids = await running();
    process.kill(pids[1] ?? 0, 'SIGKILL');
    assert.match(await failureOf(job), /^tool: pi ended in the middle of its work \(SIGKILL\)/);
    await gone(...pids);
    assert.match(
      (await results(job)).join(),
      /^interrupted: It was cut off; whether it was done is not known/,
    );
  });

  it('puts its question to rest where pi dies before it was answered', async () => {
    await set([calls(['write', { path: 'a.md', content: 'a' }])], {
      instead: 'echo $$ > "$PI_CODING_AGENT_DIR/../pid"; exec %pi% "$@"',
    });
    const job = await stage.hand('piper', 'Write.');
    await stage.question(job);
    process.kill(Number(await readFile(path.join(stage.home, 'pi/pid'), 'utf8')), 'SIGKILL');
    await failureOf(job);
    assert.deepEqual(await stage.butler.store.pendingApprovals(job.id), []);
    assert.match((await results(job)).join(), /^refused: Not done/);
  });

  it('goes on with another worker after the first was lost, and does nothing twice', async () => {
    await set([calls(['bash', { command: 'echo once >> log' }]), sleeps, says('I looked: it is there.')], {
      idle: true,
    });
    const first = hire(stage, 'first');
    const job = await stage.hand('piper', 'Log it.');
    await stage.decide(await stage.question(job), 'approve');
    await stage.decide(await stage.question(job), 'approve');
    await running();
    await first.stop();
    stage.wait(lease + 1);
    const second = hire(stage, 'second');
    assert.equal((await stage.end(job)).state, 'completed');
    await second.stop();
    assert.equal(await readFile(path.join(stage.workspace, 'log'), 'utf8'), 'once\n');
    assert.deepEqual(
      (await results(job)).map((one) => one.split(':')[0]),
      ['ok', 'interrupted'],
    );
    assert.match(stage.requests().at(-1) ?? '', /Log it\..*was cut off/s);
  });

  it('hears what the person says while it works, in the order of the journal', async () => {
    await set([calls(['bash', { command: 'echo one' }]), says('Both are done.')]);
    const job = await stage.hand('piper', 'Do one.');
    const question = await stage.question(job);
    assert.ok((await steerJob(stage.butler, { id: job.id, text: 'And two.' }, person)).ok);
    await stage.decide(question, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.match(stage.requests()[1] ?? '', /And two\./);
    assert.deepEqual(
      (await turnsOf(job)).map(({ kind }) => kind),
      ['person', 'assistant', 'person', 'assistant'],
    );
  });

  it('answers once more where it was said too late for its last answer', async () => {
    await set([says('A long answer, in pieces. '.repeat(3)), says('That too.')], { slow: true });
    const job = await stage.hand('piper', 'Do it.');
    while (!stage.passing.some((one) => one.kind === 'token')) await pause(20);
    assert.ok((await steerJob(stage.butler, { id: job.id, text: 'And that.' }, person)).ok);
    assert.equal((await stage.end(job)).state, 'completed');
    assert.match(stage.requests().at(-1) ?? '', /And that\./);
  });

  it('says how to install pi where there is none', async () => {
    await set([says('Here.')], { program: '/nowhere/pi' });
    assert.match(await failureOf(await stage.hand('piper', 'Go.')), /npm install -g @earendil-works\/pi-/);
  });

  it('says where a provider or a model does not fit', async () => {
    await set([says('Here.')], { provider: 'offline', model: '' });
    assert.match(await failureOf(await stage.hand('piper', 'Go.')), /pi cannot work with/);
  });

  it('passes over a line that cannot be read, and gives up where there is nothing else', async () => {
    await set([says('Here.')], { instead: 'echo "a warning { of something"; echo null; exec %pi% "$@"' });
    assert.equal((await stage.end(await stage.hand('piper', 'Go.'))).state, 'completed');
    await stage.close();
    await set([says('Here.')], { instead: 'yes "no record"' });
    assert.match(await failureOf(await stage.hand('piper', 'Go.')), /^malformed: pi sent something/);
    await stage.close();
    await set([says('Here.')], { instead: "tr '\\0' x < /dev/zero" });
    assert.match(await failureOf(await stage.hand('piper', 'Go.')), /^malformed: pi sent something/);
  });

  it('is given nothing to do where it does not load the part that asks', async () => {
    const without =
      'for one in "$@"; do case "$one" in --extension|*/gate.js) ;; *) kept+=("$one");; esac; done';
    await set([calls(['bash', { command: 'touch made' }])], {
      instead: `${without}; exec %pi% "\${kept[@]}"`,
    });
    assert.match(await failureOf(await stage.hand('piper', 'Go.')), /without the part that asks/);
    assert.deepEqual(stage.requests(), []);
  });

  it('tells in its own words what stands in the way of an answer', async () => {
    await set([refuses(401, 'Incorrect API key provided.')]);
    const job = await stage.hand('piper', 'Go.');
    assert.match(await failureOf(job), /^auth: Mock did not accept the API key/);
    assert.deepEqual(
      (await turnsOf(job)).map(({ kind }) => kind),
      ['person', 'attempt', 'failure'],
    );
  });

  it('asks for more at a limit before it goes on', async () => {
    await set([calls(['bash', { command: 'echo one' }]), says('Done.')], { limits: { rounds: 1 } });
    const job = await stage.hand('piper', 'Go.');
    const question = await stage.question(job);
    assert.match(question.rule, /limit of 1 rounds/);
    await stage.decide(question, 'deny');
    assert.match(await failureOf(job), /^denied: The job has reached its limit/);
  });

  it('is not there under another name', async () => {
    await set([says('Here.')], { runtime: 'po' });
    assert.match(await failureOf(await stage.hand('piper', 'Go.')), /no runtime "po"\. Choose one of: pi/);
    const draft = AbilityDraft.parse({ name: 'Other', runtime: 'po' });
    const created = await createAbility(stage.butler, { draft }, person);
    assert.match(created.ok ? '' : created.failure.what, /"runtime": there is no "po"/);
  });
});

/** Whether a process is at work; what has ended and was not yet taken note of is not. */
