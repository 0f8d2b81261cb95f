import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Ability } from '../protocol/ability.ts';
import type { EntryData, EntryType } from '../protocol/entryData.ts';
import { failures } from '../protocol/failure.ts';
import type { Entry } from '../protocol/journal.ts';
import type { Part } from '../protocol/provider.ts';
import { emptyTranscript, foldTranscript } from '../protocol/transcript.ts';
import { factsOf } from './models.ts';
import type { ProviderRequest } from './ports/provider.ts';
import { buildRequest } from './prompt.ts';
import { tellsThoughts } from './telling.ts';

const ability: Ability = {
  id: 'site',
  origin: 'user',
  created: 0,
  updated: 0,
  name: 'Site from README',
  description: '',
  provider: 'anthropic',
  model: 'm',
  deliverable: 'website',
  target: { type: 'local', config: { folder: 'public' } },
  prompt: 'Write for beginners.',
};

const facts = factsOf('anthropic', 'claude-sonnet-5-5');

/** A session's journal under way. */
function journal() {
  const entries: Entry[] = [];
  const add = <T extends EntryType>(job: string, type: T, data: EntryData<T>, body?: unknown) => {
    const frame = { seq: entries.length + 1, time: 0, stream: 's', actor: 'agent', content: null };
    entries.push({ ...frame, job, type, data, body, prev: '', hash: '' } as unknown as Entry);
  };
  return {
    add,
    person: (job: string, text: string) =>
      add(job, 'job.created', { ability: 'site', kind: 'task', workspace: '/w' }, { text }),
    says: (job: string, parts: Part[], provider = 'anthropic', model = 'm') =>
      add(job, 'message.added', { provider, model, stop: 'end', usage: null }, { parts }),
    runs: (job: string, call: string, end: 'ok' | 'error' | 'interrupted', output: string) => {
      const started = { tool: 't', title: '', approval: null, rule: '', effects: [], digest: '' };
      add(job, 'execution.started', { execution: `e-${call}`, call, ...started });
      add(job, 'execution.finished', { execution: `e-${call}`, call, end, undoable: true }, { output });
    },
    refuses: (job: string, call: string, output: string) =>
      add(job, 'call.refused', { call, tool: 't', reason: 'denied', rule: '' }, { output }),
    request: (job: string): ProviderRequest =>
      buildRequest({ ability, transcript: foldTranscript(emptyTranscript, entries), tools: [], job, facts }),
  };
}

const call = (id: string): Part => ({ kind: 'call', call: id, tool: 't', input: { id } });
const text = (words: string): Part => ({ kind: 'text', text: words });

describe('the request', () => {
  it('tells the conversation in order, each result after its call', () => {
    const j = journal();
    j.person('a', 'Do it.');
    j.add('a', 'attempt.failed', { provider: 'anthropic', failure: failures.cut('x'), again: true });
    j.says('a', [text('I will.'), call('1'), call('2'), call('3')]);
    j.refuses('a', '2', 'Denied.');
    j.runs('a', '3', 'error', 'No such file.');
    j.runs('a', '1', 'ok', 'Done 1.');
    assert.deepEqual(j.request('a').messages, [
      { role: 'user', text: 'Do it.' },
      { role: 'assistant', parts: [text('I will.'), call('1'), call('2'), call('3')] },
      {
        role: 'tool',
        results: [
          { call: '1', tool: 't', output: 'Done 1.', error: false },
          { call: '2', tool: 't', output: 'Denied.', error: true },
          { call: '3', tool: 't', output: 'No such file.', error: true },
        ],
      },
    ]);
  });

  it('stays the same when something is undone', () => {
    const j = journal();
    j.person('a', 'Do it.');
    j.says('a', [call('1')]);
    j.runs('a', '1', 'ok', 'Done 1.');
    const before = j.request('a');
    j.add('a', 'execution.undone', { execution: 'e-1' });
    assert.deepEqual(j.request('a'), before);
  });

  it('leaves out what was withdrawn before it began, and what another job replaces with all after it', () => {
    const j = journal();
    j.person('a', 'First.');
    j.add('a', 'job.claimed', { worker: 'w' });
    j.person('b', 'Withdrawn.');
    j.add('b', 'job.aborted', {});
    j.says('a', [text('Done.')]);
    j.add('a', 'job.completed', {});
    const before = j.request('a').messages;
    for (const id of ['c', 'd']) {
      j.person(id, `Then ${id}.`);
      j.says(id, [text('Yes.')]);
      j.add(id, 'job.completed', {});
    }
    const data = { ability: 'site', kind: 'task', workspace: '/w', replaces: 'c' } as const;
    j.add('e', 'job.created', data, { text: 'Otherwise.' });
    assert.deepEqual(j.request('e').messages, [...before, { role: 'user', text: 'Otherwise.' }]);
  });

  it('answers each call of an aborted job before the next job speaks', () => {
    const j = journal();
    j.person('a', 'Do it.');
    j.add('a', 'job.claimed', { worker: 'w' });
    j.says('a', [call('1'), call('2')]);
    j.runs('a', '1', 'ok', 'Done 1.');
    j.add('a', 'job.aborted', {});
    j.person('b', 'Again.');
    const results = j.request('b').messages.flatMap((one) => (one.role === 'tool' ? one.results : []));
    assert.deepEqual(
      results.map(({ call: id, error }) => [id, error]),
      [
        ['1', false],
        ['2', true],
      ],
    );
    assert.deepEqual(j.request('b').messages.at(-1), { role: 'user', text: 'Again.' });
  });

  it('holds nothing of a later job, nor of one still at work', () => {
    const j = journal();
    j.person('a', 'First.');
    j.person('b', 'Second.');
    j.says('a', [call('1')]);
    assert.deepEqual(j.request('b').messages, [{ role: 'user', text: 'Second.' }]);
    j.runs('a', '1', 'ok', 'Done.');
    assert.equal(j.request('a').messages.length, 3);
    j.says('a', [text('Finished.')]);
    j.add('a', 'job.completed', {});
    assert.deepEqual(j.request('b').messages.slice(-2), [
      { role: 'assistant', parts: [text('Finished.')] },
      { role: 'user', text: 'Second.' },
    ]);
  });

  it('gives thinking back only to the model that thought it', () => {
    const j = journal();
    const thought: Part = { kind: 'thinking', text: 'Hm.', signature: 's' };
    j.person('a', 'Do it.');
    j.says('a', [thought, call('1')]);
    j.runs('a', '1', 'ok', '');
    j.says('a', [thought], 'another');
    j.says('a', [thought], 'anthropic', 'n');
    assert.deepEqual(
      j.request('a').messages.flatMap((one) => (one.role === 'assistant' ? [one.parts] : [])),
      [[thought, call('1')]],
    );
  });

  it('gives the phase of words back only to the model that said them', () => {
    const j = journal();
    const note: Part = { kind: 'text', text: 'I look.', phase: 'commentary' };
    j.person('a', 'Do it.');
    j.says('a', [note], 'another');
    j.says('a', [note]);
    assert.deepEqual(
      j.request('a').messages.flatMap((one) => (one.role === 'assistant' ? [one.parts] : [])),
      [[text('I look.')], [note]],
    );
    assert.ok(tellsThoughts(j.request('a')), 'a refusal may be mended by leaving it out');
    j.says('a', [note], 'another');
    j.add('a', 'attempt.failed', {
      provider: 'anthropic',
      model: 'm',
      failure: failures.invalid('x', '', ''),
      again: true,
    });
    assert.ok(!tellsThoughts(j.request('a')));
  });

  it('is a prefix of the next one, however a session goes', () => {
    fc.assert(fc.property(fc.array(jobs, { minLength: 1, maxLength: 4 }), prefixStable));
  });

  it("says the fixed words first, then the Ability's own", () => {
    const j = journal();
    j.person('a', 'Do it.');
    const { system, deliverable, model } = j.request('a');
    assert.match(system, /^You are "Site from README"/);
    assert.match(system, /\n\nWrite for beginners\.$/);
    assert.deepEqual([deliverable, model], ['website', 'm']);
    assert.ok(Buffer.byteLength(system) < 1500, `${Buffer.byteLength(system)} bytes`);
  });
});

const round = fc.record({
  calls: fc.array(fc.constantFrom('ok', 'error', 'interrupted', 'refused'), { minLength: 1, maxLength: 3 }),
  said: fc.string(),
  noise: fc.constantFrom('attempt', 'undo', 'recovered', 'later', 'none'),
});
const jobs = fc.record({
  text: fc.string({ unit: 'grapheme', minLength: 1 }),
  rounds: fc.array(round, { maxLength: 4 }),
  end: fc.constantFrom('completed', 'failed', 'aborted', 'abortedInCall'),
});

/** Plays a session and compares each request with the one before it. */
function prefixStable(session: readonly (typeof jobs extends fc.Arbitrary<infer J> ? J : never)[]): void {
  const j = journal();
  let before: ProviderRequest | null = null;
  const ask = (job: string) => {
    const now = j.request(job);
    if (before) {
      assert.deepEqual(now.messages.slice(0, before.messages.length), before.messages);
      assert.ok(now.messages.length > before.messages.length);
      assert.ok(JSON.stringify(now.messages).startsWith(JSON.stringify(before.messages).slice(0, -1)));
      assert.equal(now.system, before.system);
    }
    before = now;
  };
  let later = 0;
  for (const [index, { text: asked, rounds, end }] of session.entries()) {
    const job = `j${index}`;
    j.person(job, asked);
    j.add(job, 'job.claimed', { worker: 'w' });
    ask(job);
    for (const [number, { calls, said, noise }] of rounds.entries()) {
      const ids = calls.map((_how, at) => `${job}-${number}-${at}`);
      j.says(job, [text(said), ...ids.map(call)]);
      for (const [at, how] of [...calls.entries()].reverse()) {
        const id = ids[at] ?? '';
        if (how === 'refused') j.refuses(job, id, 'no');
        else j.runs(job, id, how, `out ${id}`);
      }
      ask(job);
      const undoable = ids[calls.indexOf('ok')];
      if (noise === 'undo' && undoable) j.add(job, 'execution.undone', { execution: `e-${undoable}` });
      if (noise === 'recovered') j.add(job, 'job.recovered', { worker: 'w', from: 'v' });
      if (noise === 'later') j.person(`later${later++}`, 'queued meanwhile, and never run');
      if (noise === 'attempt') {
        j.add(job, 'attempt.failed', { provider: 'p', failure: failures.cut('p'), again: true });
      }
    }
    if (end === 'abortedInCall') j.says(job, [call(`${job}-last`)]);
    else j.says(job, [text('The end.')]);
    if (end === 'completed') j.add(job, 'job.completed', {});
    else if (end === 'failed') j.add(job, 'job.failed', { failure: failures.refused('p') });
    else j.add(job, 'job.aborted', {});
  }
}
