import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { setJobMode } from '../../../server/core/jobMode.ts';
import { createJob } from '../../../server/core/jobs.ts';
import type { Effect } from '../../../server/protocol/effect.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Mode } from '../../../server/protocol/policy.ts';
import { until } from '../../support/stage.ts';
import { acting, callsAll, decided, held, questions } from './asking.ts';
import { crewOfEachTest, says, scripted } from './crew.ts';
import { calling, playing, routes, teamAbility, words } from './team.ts';

const kinds: Readonly<Record<string, readonly Effect[]>> = {
  held: [held('make')],
  lasting: [{ kind: 'run', argv: ['make'], cwd: '/work', sandboxed: true, reversible: false }],
  bare: [{ kind: 'run', argv: ['make'], cwd: '/work' }],
  unclear: [
    { kind: 'run', argv: ['make'], cwd: '/work', sandboxed: true, reversible: true, unclear: 'It is.' },
  ],
  host: [{ kind: 'network', host: 'a.example' }],
  mail: [{ kind: 'send', address: 'somebody' }],
  server: [{ kind: 'mcp', server: 's', tool: 't' }],
  guarded: [{ kind: 'write', path: '/w/.env', shown: '.env', place: 'workspace', reversible: true }],
  secret: [{ kind: 'read', path: '/w/.env', shown: '.env', place: 'workspace' }],
  gone: [{ kind: 'delete', path: '/w/a', shown: 'a', place: 'workspace', reversible: false }],
};

describe('the mode of a job', () => {
  const { crew } = crewOfEachTest();

  const hand = async (mode?: Mode, ability = 'butler') => {
    const { workspace, butler } = crew.stage;
    const request = { ability, workspace, text: 'Act', kind: 'task', mode } as const;
    const created = await createJob(butler, request, 'person:test');
    assert.ok(created.ok);
    return created.value;
  };

  for (const [mode, asked] of [
    ['ask', Object.keys(kinds)],
    ['assisted', Object.keys(kinds).filter((kind) => kind !== 'held')],
    ['allow', ['bare', 'unclear', 'host', 'mail', 'guarded', 'secret']],
  ] as const) {
    it(`${mode} asks for just these: ${asked.join(', ')}`, async () => {
      const { stage } = crew;
      const act = acting({ effects: (what) => kinds[what] ?? [] });
      const { provider } = scripted(callsAll(...Object.keys(kinds)), says('Done.'));
      crew.work('one', { provider, tools: [act.tool] });
      const job = await hand(mode);
      const open = await questions(stage, job, asked.length);
      assert.deepEqual(
        open.map(({ title }) => title),
        asked.map((kind) => `Act: ${kind}`),
      );
      for (const approval of open) await decided(stage, approval, { decision: 'deny' });
      await stage.end(job);
      assert.deepEqual(
        act.done,
        Object.keys(kinds).filter((kind) => !(asked as readonly string[]).includes(kind)),
      );
    });
  }

  it('can be set while the job works, holds from the next call on, and survives a crash', async () => {
    const { stage } = crew;
    const act = acting({ effects: () => kinds.lasting ?? [] });
    const { provider } = scripted(callsAll('a'), callsAll('b'), says('Done.'));
    const first = crew.work('one', { provider, tools: [act.tool] });
    const job = await hand();
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked);
    const set = await setJobMode(stage.butler, { id: job.id, mode: 'allow' }, 'person:test');
    assert.ok(set.ok);
    await crew.loses(first);
    const rest = scripted(callsAll('b'), says('Done.'));
    crew.work('two', { provider: rest.provider, tools: [act.tool] });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.done, ['a', 'b']);
    const late = await setJobMode(stage.butler, { id: job.id, mode: 'ask' }, 'person:test');
    assert.ok(!late.ok && late.failure.kind === 'conflict');
  });

  it('answers what is asked when the person lets the job go on, and only that', async () => {
    const { stage } = crew;
    const act = acting({ effects: (what) => kinds[what] ?? [] });
    const { provider } = scripted(callsAll('lasting', 'mail', 'gone'), says('Done.'));
    crew.work('one', { provider, tools: [act.tool] });
    const job = await hand();
    await questions(stage, job, 3);
    assert.ok((await setJobMode(stage.butler, { id: job.id, mode: 'assisted' }, 'person:test')).ok);
    await setTimeout(100);
    assert.deepEqual(act.done, []);
    assert.ok((await setJobMode(stage.butler, { id: job.id, mode: 'allow' }, 'person:test')).ok);
    const [mail] = await questions(stage, job, 1);
    assert.equal(mail?.title, 'Act: mail');
    await decided(stage, mail, { decision: 'deny' });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.done, ['lasting', 'gone']);
  });

  it('is of this job alone: the next one asks as the surface says', async () => {
    const { stage } = crew;
    const act = acting({ effects: () => kinds.lasting ?? [] });
    const { provider } = scripted(callsAll('a'), says('Done.'), callsAll('b'), says('Done.'));
    crew.work('one', { provider, tools: [act.tool] });
    assert.equal((await stage.end(await hand('allow'))).state, 'completed');
    const next = await hand();
    const [asked] = await questions(stage, next, 1);
    assert.ok(asked);
    await decided(stage, asked, { decision: 'deny' });
    await stage.end(next);
    assert.deepEqual(act.done, ['a']);
  });

  it('goes to specialists, who never ask less than the job that they work for does now', async () => {
    const { stage } = crew;
    const started = Promise.withResolvers<Job>();
    const write = (name: string) => calling('write_file', { path: name, content: 'x' });
    const { provider } = playing({
      route: routes(['project', 'Look.'], ['email', 'Write.']),
      work: async (_member, { messages }) => {
        if (!JSON.stringify(messages[0]).includes('Write.')) return words('Done.');
        if (messages.length === 1) return write('one.md');
        if (messages.length > 3) return words('Written.');
        const whole = await started.promise;
        assert.ok((await setJobMode(stage.butler, { id: whole.id, mode: 'ask' }, 'person:test')).ok);
        return write('two.md').map((part) => ({ ...part, call: 'second' }));
      },
    });
    crew.work('one', { provider });
    const job = await hand('allow', await teamAbility(stage));
    started.resolve(job);
    const child = await until(stage.butler, async () => {
      const all = await stage.butler.store.children(job.id);
      return all.find(({ agent }) => agent === 'email') ?? null;
    });
    const [asked] = await questions(stage, child, 1);
    assert.equal(asked?.title, 'Create two.md');
    assert.deepEqual(
      (await stage.butler.store.executions(child.id)).map(({ title }) => title),
      ['Create one.md'],
    );
    await decided(stage, asked, { decision: 'deny' });
    await stage.end(job);
  });
});
