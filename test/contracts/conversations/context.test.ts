import assert from 'node:assert/strict';
import fc from 'fast-check';
import { forkSession } from '../../../server/core/fork.ts';
import { createJob } from '../../../server/core/jobs.ts';
import type { ProviderMessage, ProviderRequest } from '../../../server/core/ports/provider.ts';
import { failures } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { type CountingOptions, counting, look, type Round, type Seen } from './counting.ts';
import { crewOfEachTest } from './crew.ts';

/** That of the models that the list does not know by name. */
const context = 16_384;
const usual = { bytesPerToken: 4, context };
const busy = (count: number): Round[] =>
  Array.from({ length: count }, () => ({ looks: [2500, 1500], words: 200 }));

describe('a conversation that passes the room of its model', function () {
  this.timeout(120_000);
  const { crew } = crewOfEachTest();

  /** Runs one job with a model of its own, in a session that has gone on before or a new one. */
  const run = async (options: Omit<CountingOptions, 'context'> & { context?: number }, session?: string) => {
    const { provider, seen } = counting({ context, ...options });
    const hand = crew.work('one', { provider, tools: [look] });
    const job = await crew.stage.hand('butler', 'Look around and remember the heron.', session);
    const ended = await crew.stage.end(job);
    await hand.stop();
    return { job: ended, seen };
  };
  const compactions = (job: Job) => crew.count(job, 'context.compacted');

  it('goes on with the record and a summary, and every request fits', async () => {
    const { job, seen } = await run({ ...usual, rounds: busy(16) });
    assert.equal(job.state, 'completed');
    assert.ok((await compactions(job)) >= 2, `${await compactions(job)} compactions`);
    assert.deepEqual(
      seen.filter(({ tokens, request }) => tokens + request.maxTokens > context),
      [],
    );
    const last = seen.at(-1)?.request.messages[0];
    assert.match(wordsIn(last), /- Look around and remember the heron\.\n/);
    assert.match(wordsIn(last), /## Summary of what was said and done\nIt looked around\.$/);
    const { turns } = await crew.stage.transcript(job.session);
    assert.equal(turns.filter(({ kind }) => kind === 'assistant').length, 17);
    const summaries = turns.flatMap((turn) => (turn.kind === 'compacted' ? [turn.summary] : []));
    assert.deepEqual(new Set(summaries), new Set(['It looked around.']));
  });

  it('begins each request with the one before it, but after a compaction', async () => {
    const { seen } = await run({ ...usual, rounds: busy(12) });
    growsBetweenCompactions(seen);
  });

  it('asks for a summary with the beginning of what it told before, and counts its cost', async () => {
    const { job, seen } = await run({ ...usual, rounds: busy(8) });
    const at = seen.findIndex(({ summary }) => summary);
    assert.ok(at > 0);
    const told = seen[at - 1]?.request.messages ?? [];
    const asked = seen[at]?.request.messages.slice(0, -1) ?? [];
    assert.deepEqual(asked, told.slice(0, asked.length));
    const counted = seen.reduce((sum, { tokens }) => sum + tokens + 10, 0);
    assert.equal((await crew.stage.butler.store.spent({ job: job.id })).tokens, counted);
    assert.equal((await crew.stage.butler.store.job(job.id))?.cost.tokens, counted);
  });

  it('tells every call with its result', async () => {
    const { seen } = await run({ ...usual, rounds: busy(12) });
    for (const { request } of seen) {
      const called = request.messages.flatMap((one) =>
        one.role === 'assistant'
          ? one.parts.flatMap((part) => (part.kind === 'call' ? [part.call] : []))
          : [],
      );
      const answered = request.messages.flatMap((one) =>
        one.role === 'tool' ? one.results.map(({ call }) => call) : [],
      );
      assert.deepEqual(answered, called);
    }
  });

  it('goes on without a summary where none comes, or one that is too long itself', async () => {
    for (const answer of [failures.refused('Small'), 'Much. '.repeat(5000)]) {
      const { job, seen } = await run({ ...usual, rounds: busy(8), summary: () => answer });
      assert.equal(job.state, 'completed');
      assert.doesNotMatch(wordsIn(seen.at(-1)?.request.messages[0]), /## Summary/);
      assert.match(wordsIn(seen.at(-1)?.request.messages[0]), /remember the heron/);
    }
  });

  it('keeps the summary that it has where no new one comes', async () => {
    let asked = 0;
    const summary = () => (asked++ === 0 ? 'The heron is grey.' : failures.refused('Small'));
    const { job, seen } = await run({ ...usual, rounds: busy(16), summary });
    assert.ok((await compactions(job)) >= 2, `${await compactions(job)} compactions`);
    assert.match(wordsIn(seen.at(-1)?.request.messages[0]), /## Summary[^\n]*\nThe heron is grey\.$/);
  });

  it('is not shortened for want of a network, and compacted with its summary when that is back', async () => {
    let away = 0;
    const summary = () => (away++ < 3 ? failures.offline('Small') : 'It looked around.');
    const { job } = await run({ ...usual, rounds: busy(8), summary });
    assert.equal(job.state, 'completed');
    const { turns } = await crew.stage.transcript(job.session);
    const summaries = turns.flatMap((turn) => (turn.kind === 'compacted' ? [turn.summary] : []));
    assert.deepEqual(summaries, ['It looked around.']);
  });

  it('is compacted where the provider refuses it as too long, though by what is known it fits', async () => {
    const { job, seen } = await run({ bytesPerToken: 4, context: 13_000, rounds: busy(10) });
    assert.equal(job.state, 'completed');
    assert.ok(seen.some(({ tokens, request }) => tokens + request.maxTokens > 13_000));
    assert.ok((await compactions(job)) > 0);
  });

  it('ends where even its shortest form is refused', async () => {
    const { job } = await run({ bytesPerToken: 4, context: 8_300, rounds: busy(3) });
    assert.deepEqual([job.state, job.failure?.kind], ['failed', 'tooLong']);
  });

  it('goes on alike when its worker dies right after a compaction', async () => {
    const whole = await run({ ...usual, rounds: busy(8) });
    const first = counting({ ...usual, rounds: busy(8) });
    const hand = crew.work('two', { provider: first.provider, tools: [look] });
    const job = await crew.stage.hand('butler', 'Look around and remember the heron.');
    await crew.saw(job, 'context.compacted');
    await crew.loses(hand);
    const played = await crew.count(job, 'message.added');
    const second = counting({ ...usual, rounds: busy(8), played });
    crew.work('three', { provider: second.provider, tools: [look] });
    assert.equal((await crew.stage.end(job)).state, 'completed');
    const after = second.seen.filter(({ summary }) => !summary);
    const before = whole.seen.filter(({ summary }) => !summary).slice(played);
    assert.deepEqual(
      after.map(({ request }) => request.messages),
      before.map(({ request }) => request.messages),
    );
  });

  it('is told to the next job of the session as it was to the last', async () => {
    const first = await run({ ...usual, rounds: busy(8) });
    const second = await run({ ...usual, rounds: [] }, first.job.session);
    assert.equal(second.job.state, 'completed');
    const [told, then] = [first.seen.at(-1), second.seen[0]];
    assert.ok(told && then);
    assert.deepEqual(then.request.messages.slice(0, told.request.messages.length), told.request.messages);
    const transcript = await crew.stage.transcript(first.job.session);
    assert.equal(transcript.turns.filter(({ kind }) => kind === 'assistant').length, 8 + 1 + 1);
  });

  it('is told alike in a fork, and without the summary of a job in whose place another stands', async () => {
    const { butler } = crew.stage;
    const first = await run({ ...usual, rounds: busy(8) });
    const before = first.seen.at(-1)?.request.messages ?? [];
    const second = await run({ ...usual, rounds: busy(8) }, first.job.session);
    assert.ok((await compactions(second.job)) > 0);
    const fork = await forkSession(
      butler,
      { id: first.job.session, job: first.job.id, at: 'end' },
      'person:test',
    );
    assert.ok(fork.ok);
    const forked = await run({ ...usual, rounds: [] }, fork.value.id);
    const { session, id: replaces } = second.job;
    const request = { session, replaces, text: 'Otherwise.', kind: 'task' } as const;
    const created = await createJob(butler, request, 'person:test');
    assert.ok(created.ok);
    const anew = counting({ ...usual, context, rounds: [] });
    crew.work('two', { provider: anew.provider, tools: [look] });
    await crew.stage.end(created.value);
    for (const seen of [forked.seen, anew.seen]) {
      assert.deepEqual(seen[0]?.request.messages.slice(0, before.length), before);
      assert.equal(seen.length, 1);
    }
    assert.equal(wordsIn(anew.seen[0]?.request.messages.at(-1)), 'Otherwise.');
  });

  it('is told whole to a model with more room than the one it was compacted for', async () => {
    const roomy = { ...usual, context: 32_000, kind: 'compatible' } as const;
    const first = await run({ ...roomy, rounds: busy(8) });
    const second = await run({ ...usual, rounds: busy(1) }, first.job.session);
    assert.ok((await compactions(second.job)) > 0);
    const third = await run({ ...roomy, rounds: [] }, first.job.session);
    const [told, then] = [first.seen.at(-1), third.seen[0]];
    assert.ok(told && then);
    assert.deepEqual(then.request.messages.slice(0, told.request.messages.length), told.request.messages);
    assert.equal(await compactions(third.job), 0);
  });

  it('fits and grows at its end, whatever is said and however a model counts', async () => {
    const round = fc.record({
      looks: fc.array(fc.nat(9000), { minLength: 1, maxLength: 3 }),
      words: fc.nat(1500),
    });
    const options = fc.record({
      bytesPerToken: fc.double({ min: 3, max: 5, noNaN: true }),
      rounds: fc.array(round, { minLength: 4, maxLength: 14 }),
    });
    await fc.assert(
      fc.asyncProperty(options, async (model) => {
        const { job, seen } = await run(model);
        assert.equal(job.state, 'completed');
        for (const { tokens, request } of seen)
          assert.ok(tokens + request.maxTokens <= context, `${tokens} tokens`);
        growsBetweenCompactions(seen);
        assert.equal(seen.filter(({ summary }) => !summary).length, model.rounds.length + 1);
      }),
      { numRuns: 25 },
    );
  });
});

/** Until a compaction each request begins with all that the one before it said. */
function growsBetweenCompactions(seen: readonly Seen[]): void {
  for (const [index, { request, summary }] of seen.entries()) {
    const next = seen[index + 1];
    if (summary || !next || next.summary || isCompacted(request, next.request)) continue;
    assert.deepEqual(next.request.messages.slice(0, request.messages.length), request.messages);
    assert.equal(next.request.system, request.system);
  }
}

/** Whether a request tells a record in place of what the one before it began with. */
function isCompacted(before: ProviderRequest, now: ProviderRequest): boolean {
  const record = wordsIn(now.messages[0]);
  return record.startsWith('The beginning of this conversation') && record !== wordsIn(before.messages[0]);
}

function wordsIn(message: ProviderMessage | undefined): string {
  return message?.role === 'user' ? message.text : '';
}
