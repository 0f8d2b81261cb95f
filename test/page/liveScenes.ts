import { failures } from '../../server/protocol/failure.ts';
import type { Image } from '../../server/protocol/provider.ts';
import { type Counterpart, provider, session } from './counterpart.ts';
import { digest, Story } from './story.ts';

type Scene = (counterpart: Counterpart) => void;

/** An image as the worker keeps one. */
export const image: Image = { digest: digest('9'), type: 'image/png', width: 1200, height: 800 };

/** A job of a model at work, spoken to, with two jobs behind it. */
export const atWork: Scene = (counterpart) => {
  begin(counterpart, 'Tidy the guide', 'running');
  const story = new Story('s1').begin('writer');
  const data = { ability: 'writer', kind: 'task', workspace: '/project' } as const;
  story.add('job.created', 'j1', data, { text: 'Tidy the guide as in this picture', images: [image] });
  story.add('job.claimed', 'j1', { worker: 'w1' });
  story.add('job.routed', 'j1', { agent: 'writer', by: null });
  story
    .say('j1', [
      { kind: 'text', text: 'I read the guide first.' },
      { kind: 'call', call: 'c1', tool: 'read_file', input: { path: 'docs/guide.md' } },
    ])
    .run('j1', 'c1', 'read_file', 'Read docs/guide.md', '# Guide')
    .queue('j2', 'Then check every link in it, also those that lead to other pages of the documentation');
  story.add('job.steered', 'j1', {}, { text: 'Keep the old headings.' });
  counterpart.entries = story.queue('j3', 'And write the release notes').entries;
};

/** A job whose provider failed and whose network is gone. */
export const unreachable: Scene = (counterpart) => {
  begin(counterpart, 'Summarise the guide', 'running');
  const failure = failures.offline('api.example.org could not be reached.');
  const connection = { state: 'offline', since: Date.now(), failure } as const;
  counterpart.providers = [provider('anthropic', { connection })];
  const story = new Story('s1').begin('writer').ask('j1', 'Summarise the guide');
  const limited = failures.limited('Anthropic', Date.now() + 3_600_000);
  story.add('attempt.failed', 'j1', {
    provider: 'anthropic',
    failure: failures.cut('Anthropic'),
    again: true,
  });
  const switched = {
    from: { provider: 'anthropic', model: 'claude-opus-4' },
    to: { provider: 'local', model: '' },
    failure: limited,
  };
  story.add('attempt.failed', 'j1', { provider: 'anthropic', failure: limited, again: false });
  story.add('provider.switched', 'j1', switched);
  story.add(
    'context.compacted',
    'j1',
    { upTo: 2, room: 80_000, before: 90_000, after: 8000 },
    { summary: 'The person wants a summary of **the guide**.' },
  );
  story.add('network.awaited', 'j1', { who: 'anthropic', failure, tries: 1 });
  counterpart.entries = story.entries;
};

/** Earlier versions, a withdrawn job, what was spent, and an answer that changed files. */
export const versions: Scene = (counterpart) => {
  begin(counterpart, 'Name the harbour', 'completed');
  const connection = { state: 'limited', since: 0, until: Date.now() + 600_000 } as const;
  counterpart.providers = [provider('anthropic', { connection })];
  const story = new Story('s1').begin('writer').answered('j1', 'What is a tide?', 'The sea, breathing.');
  story.answered('j2', 'Name a harbour', 'Havn.').answered('j3', 'Another one', 'Porto.');
  story.queue('j4', 'Forget it').add('job.aborted', 'j4', {});
  const data = { ability: 'writer', kind: 'task', workspace: '/project', replaces: 'j2' } as const;
  story.add('job.created', 'j5', data, { text: 'Name a harbour in the north, and write it down' });
  story.add('job.claimed', 'j5', { worker: 'w1' });
  const usage = { input: 2400, output: 80, cacheRead: 2000, cacheWrite: 0 };
  story.say(
    'j5',
    [{ kind: 'call', call: 'c1', tool: 'write_file', input: { path: 'harbour.md' } }],
    usage,
    0.0123,
  );
  story.run('j5', 'c1', 'write_file', 'Create harbour.md', 'Written.', true);
  story.say('j5', [{ kind: 'text', text: 'Tromsø stands in `harbour.md`.' }], usage, null);
  story.add('job.completed', 'j5', {});
  counterpart.entries = story.entries;
};

/** A session that was forked from another one, and asks for more budget. */
export const forked: Scene = (counterpart) => {
  const first = new Story('s0').begin('writer').answered('j0', 'What is a tide?', 'The sea, breathing.');
  first.queue('jx', 'This waited when it was forked');
  const seq = first.entries.length;
  const story = new Story('s1', { seq: seq + 4 });
  const data = { session: 's1', ability: 'writer', workspace: '/project' };
  story.add('session.created', null, { ...data, fork: { session: 's0', seq } });
  story.ask('j1', 'Say it in one word').add(
    'approval.requested',
    'j1',
    {
      approval: {
        ...{ id: 'ask-budget', job: 'j1', session: 's1', call: 'budget', tool: 'budget', decision: null },
        ...{ title: 'Spend up to $10.00 on this job', effects: [], digest: digest('e'), protected: false },
        rule: 'the limit of $5.00 for a job is reached',
        requested: Date.now(),
        expires: Date.now() + 300_000,
      },
    },
    { preview: { kind: 'text', text: 'Spent so far: $5.02 in 41 rounds.' } },
  );
  begin(counterpart, 'What is a tide? (fork)', 'running');
  counterpart.sessions.push(session('s0', 'What is a tide?', { ability: 'writer' }));
  counterpart.providers = [provider('anthropic', { key: 'missing' })];
  counterpart.entries = [...first.entries, ...story.entries];
};

/** A session that was forked behind the second message of a job, which went on there. */
export const forkedMidway: Scene = (counterpart) => {
  const first = new Story('s0').begin('writer').answered('j0', 'What is a tide?', 'The sea, breathing.');
  first.ask('j1', 'Write it down').say('j1', [
    { kind: 'text', text: 'I look first whether a page stands already.' },
    { kind: 'call', call: 'c1', tool: 'edit_file', input: { path: 'tide.md' } },
  ]);
  first.run('j1', 'c1', 'edit_file', 'Edit tide.md', 'Edited.', true);
  const seq = first.entries.length;
  first.say('j1', [{ kind: 'text', text: 'Said after the fork.' }]).add('job.completed', 'j1', {});
  const story = new Story('s1', { seq: first.entries.length });
  const data = { session: 's1', ability: 'writer', workspace: '/project' };
  story.add('session.created', null, { ...data, fork: { session: 's0', seq, job: 'j1' } });
  story.answered('j2', 'Rather in German', 'Die Gezeiten.');
  begin(counterpart, 'What is a tide? (fork)', 'completed');
  counterpart.sessions.push(session('s0', 'What is a tide?', { ability: 'writer' }));
  counterpart.entries = [...first.entries, ...story.entries];
};

/** A session that was forked at the end of a long one, with nothing of its own yet. */
export const forkedLate: Scene = (counterpart) => {
  const first = new Story('s0').begin('writer');
  for (let index = 0; index < 400; index++) first.answered(`j${index}`, `Job ${index}`, `Answer ${index}`);
  const seq = first.entries.length;
  const story = new Story('s1', { seq });
  const data = { session: 's1', ability: 'writer', workspace: '/project' };
  story.add('session.created', null, { ...data, fork: { session: 's0', seq } });
  begin(counterpart, 'A long one (fork)', 'completed');
  counterpart.entries = [...first.entries, ...story.entries];
};

function begin(counterpart: Counterpart, title: string, state: 'running' | 'completed'): void {
  counterpart.sessions = [session('s1', title, { state, ability: 'writer' })];
  counterpart.session = 's1';
}
