import assert from 'node:assert/strict';
import { abortJob } from '../../../server/core/jobs.ts';
import { remedies } from '../../../server/core/retry.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { cut, refuse, stall, stream } from '../providers/wire.ts';
import { calls, hurrying, type Line, type ModelStage, replies, says, setModelStage } from './model.ts';

const list = calls(['list_files', { path: 'docs' }]);
const done = says('Done.');

describe('a model that does not do as it should', function () {
  this.timeout(60_000);
  let stage: ModelStage;
  const set = async (...script: Line[]) => {
    stage = await setModelStage(script);
  };
  /** Runs one job that asks nothing; answers its state. */
  const run = async (text: string, name: string): Promise<string> => {
    const job = await stage.hand(stage.ability, text);
    const { state } = await stage.end(job);
    await stage.tells(name, job.session);
    return state;
  };
  afterEach(() => stage.close());

  it('is told what is wrong with the input of a tool', async () => {
    const wrong = calls(['read_file', { path: 'README.md', from: 0 }], ['read_file', { file: 'README.md' }]);
    await set(wrong, says('I give up.'));
    assert.equal(await run('Read the first line', 'invalidInput'), 'completed');
  });

  it('is told that a tool does not exist', async () => {
    await set(calls(['run_shell', { command: 'ls' }]), says('I cannot run programs.'));
    assert.equal(await run('List the files with ls', 'unknownTool'), 'completed');
  });

  it('may use no tool that its Ability does not have', async () => {
    const write = calls(['write_file', { path: 'a.md', content: 'a' }]);
    stage = await setModelStage([write, done], { draft: { tools: ['read_file'] } });
    assert.equal(await run('Write a file', 'toolNotAllowed'), 'completed');
    assert.deepEqual(
      stage.requests[0]?.tools.map(({ name }) => name),
      ['read_file'],
    );
  });

  it('gets every result of several calls in one message, in their order', async () => {
    await set(
      calls(
        ['search_text', { pattern: 'chart datum', path: 'docs' }],
        ['read_file', { path: 'nowhere.md' }],
        ['read_file', { path: '../outside.md' }],
        ['list_files', { path: 'docs/reference' }],
      ),
      done,
    );
    assert.equal(await run('Look around', 'severalCalls'), 'completed');
  });

  it('is asked again when its answer is cut in its text, and nothing of it is kept twice', async () => {
    await set(replies(cut(a.start(), ...a.text(0, 'Half an ans').slice(0, 2))), says('A whole answer.'));
    assert.equal(await run('Answer', 'cutInText'), 'completed');
    assert.deepEqual(stage.requests[1], stage.requests[0]);
  });

  it('is asked again when its answer is cut in a tool call, which does not run', async () => {
    const half = a.call(0, 'toolu_1', 'write_file', '{"path":"half.md","content":"ha').slice(0, 2);
    await set(replies(cut(a.start(), ...half)), list, done);
    assert.equal(await run('List the docs', 'cutInCall'), 'completed');
    await assert.rejects(stage.read('half.md'));
  });

  it('is asked again when two of its calls have one id, and neither runs', async () => {
    const twice = [0, 1].flatMap((index) => a.call(index, 'toolu_1', 'list_files', '{"path":"docs"}'));
    await set(replies(stream(a.start(), ...twice, ...a.end('tool_use'))), done);
    assert.equal(await run('List the docs', 'oneIdTwice'), 'completed');
  });

  it('is asked again after the time that its service names', async () => {
    await set(replies(refuse(429, 'rate_limit_error', 'Slow down', { 'retry-after': '30' })), done);
    const job = await stage.hand(stage.ability, 'Answer');
    await stage.saw(job, 'attempt.failed');
    stage.wait(31_000);
    assert.equal((await stage.end(job)).state, 'completed');
    await stage.tells('limited', job.session);
  });

  it('ends a job whose limit lasts longer than one waits', async () => {
    await set(replies(refuse(429, 'rate_limit_error', 'Slow down', { 'retry-after': '3600' })));
    assert.equal(await run('Answer', 'limitedForLong'), 'failed');
    assert.equal(stage.requests.length, 1);
  });

  it('ends the job when it refuses, when its key is wrong, and when it stays overloaded', async () => {
    await set(
      replies(stream(a.start(), ...a.text(0, 'I'), ...a.end('refusal'))),
      replies(refuse(401, 'authentication_error', 'invalid x-api-key')),
      ...Array.from({ length: remedies.overloaded.tries }, () =>
        replies(refuse(529, 'overloaded_error', 'Overloaded')),
      ),
      done,
    );
    const first = await stage.hand(stage.ability, 'One');
    assert.equal((await stage.end(first)).failure?.kind, 'refused');
    const second = await stage.hand(stage.ability, 'Two', first.session);
    assert.equal((await stage.end(second)).failure?.kind, 'auth');
    const third = await stage.hand(stage.ability, 'Three', first.session);
    assert.equal((await hurrying(stage, third)).failure?.kind, 'overloaded');
    const last = await stage.hand(stage.ability, 'Four', first.session);
    assert.equal((await stage.end(last)).state, 'completed');
    await stage.tells('serviceFaults', first.session);
  });

  it('is stopped in the middle of its answer by an abort, and what it had begun is not kept', async () => {
    await set(replies(stall(a.start(), ...a.text(0, 'A long ans').slice(0, 2))), done);
    const job = await stage.hand(stage.ability, 'Answer at length');
    await stage.streamed(job);
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    await stage.dropped;
    const next = await stage.hand(stage.ability, 'Answer in a word', job.session);
    assert.equal((await stage.end(next)).state, 'completed');
    await stage.tells('abortedInStream', job.session);
  });

  it('knows in a further job of the session what was said and done in the one before', async () => {
    await set(list, says('Four pages.'), says('As I said: four pages.'));
    const job = await stage.hand(stage.ability, 'How many pages?');
    await stage.end(job);
    await stage.end(await stage.hand(stage.ability, 'How many?', job.session));
    await stage.tells('furtherJob', job.session);
    assert.match(JSON.stringify(stage.requests[2]?.messages), /Four pages/);
  });
});
