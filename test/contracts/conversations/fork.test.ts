import assert from 'node:assert/strict';
import { forkSession } from '../../../server/core/fork.ts';
import { abortJob, approveJob, createJob } from '../../../server/core/jobs.ts';
import type { ProviderRequest } from '../../../server/core/ports/provider.ts';
import { sessionEntries } from '../../../server/core/sessionEntries.ts';
import { steerJob } from '../../../server/core/steer.ts';
import type { FailureKind } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Session } from '../../../server/protocol/session.ts';
import { emptyTranscript, foldTranscript, type Transcript } from '../../../server/protocol/transcript.ts';
import { until } from '../../support/stage.ts';
import { type Answering, calls, crewOfEachTest, deed, says, scripted, untilStopped } from './crew.ts';

const person = 'person:test';
type Place = Parameters<typeof forkSession>[1]['at'];

describe('a fork of a session', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  it('goes on from the end of a job, also after a crash and in a fork of the fork', async () => {
    const script = scripted(says('One.'), says('Two.'), says('Three.'));
    crew.work('one', { provider: script.provider });
    const first = await stage.hand('butler', 'First');
    await stage.end(first);
    await stage.end(await stage.hand('butler', 'Second', first.session));
    const fork = await forked(first);
    assert.equal(fork.title, 'First (fork)');
    const third = await stage.hand('butler', 'Third', fork.id);
    await stage.end(third);
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Third']);
    await crew.dismiss();
    const again = await forked(third);
    const { tool } = deed({ repeatable: true, run: ({ signal }) => untilStopped(signal) });
    const lost = crew.work('lost', { provider: scripted(calls('deed')).provider, tools: [tool] });
    const fourth = await stage.hand('butler', 'Fourth', again.id);
    await crew.saw(fourth, 'execution.started');
    await crew.loses(lost);
    const last = scripted(says('Four.'));
    crew.work('two', { provider: last.provider, tools: [deed({ repeatable: true }).tool] });
    await stage.end(fourth);
    assert.deepEqual(last.asked.map(words), [['First', 'Third', 'Fourth']]);
  });

  it('leaves out what still waited at that moment', async () => {
    const script = scripted(says('One.'), says('Three.'));
    const first = await stage.hand('butler', 'First');
    const second = await stage.hand('butler', 'Second', first.session);
    assert.equal(await refusal(first, 'end'), 'conflict');
    assert.equal(await refusal(second, 'start'), 'conflict');
    assert.ok((await abortJob(stage.butler, second.id, person)).ok);
    crew.work('one', { provider: script.provider });
    await stage.end(first);
    await stage.end(await stage.hand('butler', 'Third', (await forked(first)).id));
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Third']);
  });

  it('begins behind each message of a job with what its calls brought, as the job itself told it', async () => {
    const rounds = [calls('deed'), calls('nothing'), calls('deed'), says('Done.')];
    const script = scripted(...rounds, says('One.'), says('Two.'), says('Three.'), says('Four.'));
    crew.work('one', { provider: script.provider, tools: [deed().tool] });
    const first = await stage.hand('butler', 'First');
    await stage.end(first);
    const asked = script.asked.map(({ messages }) => messages);
    const whole = [...(asked[3] ?? []), { role: 'assistant', parts: [{ kind: 'text', text: 'Done.' }] }];
    for (const [index, at] of (await messagesOf(first)).entries()) {
      const fork = await forked(first, at);
      await stage.end(await stage.hand('butler', 'Other', fork.id));
      const before = asked[index + 1] ?? whole;
      assert.deepEqual(script.asked.at(-1)?.messages, [...before, { role: 'user', text: 'Other' }]);
      assert.deepEqual(Object.values((await told(fork)).jobs), ['completed', 'completed']);
    }
  });

  it('takes nothing from a job at work but what is whole there, and is not changed by its end', async () => {
    const { tool } = deed({ run: ({ signal }) => untilStopped(signal) });
    const quick = { ...deed().tool, name: 'quick' };
    const script = scripted(calls('quick'), calls('deed'), says('Aside.'), says('Still.'));
    crew.work('one', { provider: script.provider, tools: [tool, quick] });
    const first = await stage.hand('butler', 'First');
    await crew.saw(first, 'execution.finished');
    await until(stage.butler, async () => (await crew.count(first, 'execution.started')) === 2 || null);
    const [done = 0, open = 0] = await messagesOf(first);
    assert.equal(await refusal(first, open), 'conflict');
    const fork = await forked(first, done);
    await stage.end(await stage.hand('butler', 'Meanwhile', fork.id));
    const aside = script.asked.at(-1)?.messages;
    assert.deepEqual(
      aside?.map(({ role }) => role),
      ['user', 'assistant', 'tool', 'user'],
    );
    assert.ok((await abortJob(stage.butler, first.id, person)).ok);
    await stage.end(first);
    await stage.end(await stage.hand('butler', 'And now?', fork.id));
    assert.deepEqual(script.asked.at(-1)?.messages.slice(0, 4), aside);
  });

  it('leaves out what was said after the message that it goes on from, also while that was made', async () => {
    const held = Promise.withResolvers<undefined>();
    const { tool } = deed({ run: () => held.promise });
    const heardBefore: Answering = async (request, signal) => {
      await steer(first, 'Said while it answered.');
      return calls('deed')(request, signal);
    };
    const script = scripted(heardBefore, calls('nothing'), says('Done.'), says('A.'), says('B.'));
    const first = await stage.hand('butler', 'First');
    crew.work('one', { provider: script.provider, tools: [tool] });
    await crew.saw(first, 'execution.started');
    await steer(first, 'Said while it worked.');
    held.resolve(undefined);
    await stage.end(first);
    const [before = 0, behind = 0] = await messagesOf(first);
    await stage.end(await stage.hand('butler', 'Other', (await forked(first, before)).id));
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Other']);
    await stage.end(await stage.hand('butler', 'Another', (await forked(first, behind)).id));
    const all = ['First', 'Said while it answered.', 'Said while it worked.', 'Another'];
    assert.deepEqual(script.asked.map(words).at(-1), all);
  });

  it('goes on from a message of a fork, with what that one began with', async () => {
    const script = scripted(calls('deed'), says('One.'), calls('deed'), says('Two.'), says('Three.'));
    crew.work('one', { provider: script.provider, tools: [deed().tool] });
    const first = await stage.hand('butler', 'First');
    await stage.end(first);
    const fork = await forked(first, (await messagesOf(first))[0]);
    const second = await stage.hand('butler', 'Second', fork.id);
    await stage.end(second);
    const again = await forked(second, (await messagesOf(second))[0]);
    await stage.end(await stage.hand('butler', 'Third', again.id));
    assert.deepEqual(script.asked.at(-1)?.messages.slice(0, -1), script.asked.at(-2)?.messages);
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Second', 'Third']);
  });

  it('brings along what the calls of its last message saved, and no more than that', async () => {
    const page = { title: 'A page', files: [{ path: 'index.html', content: '<h1>Tides</h1>' }] };
    const script = scripted(calls('save_deliverable', page), calls('nothing'), says('Done.'));
    crew.work('one', { provider: script.provider });
    const job = await stage.hand('butler', 'Make a page');
    await stage.end(job);
    const [saving] = await messagesOf(job);
    const { turns } = await told(await forked(job, saving));
    assert.deepEqual(
      turns.map(({ kind }) => kind),
      ['person', 'assistant', 'deliverable'],
    );
  });

  it('begins before the first word of a job, without what that one replaced', async () => {
    const script = scripted(says('One.'), says('Two.'), says('Anew.'), says('A.'), says('B.'), says('C.'));
    crew.work('one', { provider: script.provider });
    const first = await stage.hand('butler', 'First');
    await stage.end(first);
    const second = await stage.hand('butler', 'Second', first.session);
    await stage.end(second);
    const request = { session: first.session, text: 'Second, otherwise', kind: 'task' } as const;
    const anew = await createJob(stage.butler, { ...request, replaces: second.id }, person);
    assert.ok(anew.ok);
    await stage.end(anew.value);
    const fork = await forked(anew.value, 'start');
    const other = await stage.hand('butler', 'Other', fork.id);
    await stage.end(other);
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Other']);
    await stage.end(await stage.hand('butler', 'Alone', (await forked(first, 'start')).id));
    assert.deepEqual(script.asked.map(words).at(-1), ['Alone']);
    await stage.end(await stage.hand('butler', 'Like it', (await forked(other, 'start')).id));
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Like it']);
  });

  it('begins with all that a job heard, also where what was handed over first was started last', async () => {
    const script = scripted(says('Two.'), says('One.'), says('Three.'), says('A.'), says('B.'));
    const request = { ability: 'butler', workspace: stage.workspace, text: 'First', kind: 'run' } as const;
    const made = await createJob(stage.butler, request, person);
    assert.ok(made.ok);
    crew.work('one', { provider: script.provider });
    const first = made.value;
    const second = await stage.hand('butler', 'Second', first.session);
    await stage.end(second);
    assert.ok((await approveJob(stage.butler, first.id, person)).ok);
    await stage.end(first);
    const third = await stage.hand('butler', 'Third', first.session);
    await stage.end(third);
    assert.deepEqual(script.asked.map(words), [['Second'], ['First'], ['First', 'Second', 'Third']]);
    await stage.end(await stage.hand('butler', 'Other', (await forked(third, 'start')).id));
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Second', 'Other']);
    await stage.end(await stage.hand('butler', 'Alone', (await forked(second, 'start')).id));
    assert.deepEqual(script.asked.map(words).at(-1), ['Alone']);
  });

  it('needs a message of that job', async () => {
    crew.work('one', { provider: scripted(says('One.'), says('Two.')).provider });
    const first = await stage.hand('butler', 'First');
    await stage.end(first);
    const second = await stage.hand('butler', 'Second', first.session);
    await stage.end(second);
    const [message = 0] = await messagesOf(first);
    assert.equal(await refusal(second, message), 'notFound');
    assert.equal(await refusal(first, message + 1), 'notFound');
    assert.equal(await refusal(first, 1_000_000), 'notFound');
  });

  async function forked({ session: id, id: job }: Job, at: Place = 'end') {
    const outcome = await forkSession(stage.butler, { id, job, at }, person);
    assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.what);
    return outcome.value;
  }

  async function steer({ id }: Job, text: string) {
    assert.ok((await steerJob(stage.butler, { id, text }, person)).ok);
  }

  async function refusal({ session: id, id: job }: Job, at: Place): Promise<FailureKind | null> {
    const outcome = await forkSession(stage.butler, { id, job, at }, person);
    return outcome.ok ? null : outcome.failure.kind;
  }

  /** A session with what it was forked from. */
  async function told({ id }: Session): Promise<Transcript> {
    let transcript = emptyTranscript;
    for await (const entries of sessionEntries(stage.butler.store, id)) {
      transcript = foldTranscript(transcript, entries);
    }
    return transcript;
  }

  /** The numbers of the messages of a job. */
  async function messagesOf(job: Job): Promise<number[]> {
    const { turns } = await stage.transcript(job.session);
    return turns.flatMap((turn) =>
      turn.kind === 'assistant' && turn.job === job.id ? [Number(turn.key)] : [],
    );
  }
});

const words = ({ messages }: ProviderRequest) =>
  messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
