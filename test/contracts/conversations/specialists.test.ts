import assert from 'node:assert/strict';
import { createAbility } from '../../../server/core/abilities.ts';
import { abortJob } from '../../../server/core/jobs.ts';
import type { ProviderRequest } from '../../../server/core/ports/provider.ts';
import { deleteSession } from '../../../server/core/sessions.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { until } from '../../support/stage.ts';
import { crewOfEachTest, deed, untilStopped } from './crew.ts';
import { growOnly } from './model.ts';
import { calling, isRouting, playing, routes, type Team, teamAbility, words } from './team.ts';

const pipeline = routes(
  ['project', 'Find what changed since the last release.'],
  ['email', 'Write a mail about what changed.'],
);

describe('an Ability with specialists', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const perform = async (team: Team, text: string, ability?: string) => {
    const { provider, asked } = playing(team);
    crew.work('one', { provider });
    const job = await stage.hand(ability ?? (await teamAbility(stage)), text);
    const end = await stage.end(job);
    return { job, end, asked };
  };
  const childrenOf = (job: Job) => stage.butler.store.children(job.id);

  it('hands a job for one of them to that one, with its persona and its tools', async () => {
    const { job, end, asked } = await perform(
      { route: routes(['email', 'Draft it.']), work: (member) => words(`${member} says: Dear all.`) },
      'Draft a mail to the team',
    );
    assert.deepEqual([end.state, end.agent], ['completed', 'email']);
    const tools = ['list_files', 'search_text', 'read_file', 'read_output', 'write_file', 'save_deliverable'];
    assert.deepEqual(toolsOf(asked[1]), tools);
    await crew.golden('routedToOne', job);
  });

  it('lets several work one after another, each with what was found before, and puts it together', async () => {
    const { job, asked } = await perform(
      { route: pipeline, work: (member) => words(member ? `The ${member} part.` : 'Here is all of it.') },
      'Tell the team what changed',
    );
    assert.deepEqual(
      asked.map((request) => (isRouting(request) ? 'router' : request.messages.length)),
      ['router', 1, 1, 3],
    );
    assert.match(lastWords(asked[1]), /a part of what the person wants:\nTell the team what changed$/);
    assert.match(lastWords(asked[2]), /What the specialist "project" found before you:\nThe project part\.$/);
    await crew.golden('pipeline', job);
    const children = await childrenOf(job);
    assert.deepEqual(
      children.map(({ agent, parent, state }) => [agent, parent, state]),
      [
        ['project', job.id, 'completed'],
        ['email', job.id, 'completed'],
      ],
    );
    const session = await stage.butler.store.session(children[0]?.session ?? '');
    assert.equal(session?.parent, job.session);
  });

  it('is deleted with all that its specialists said', async () => {
    const { job } = await perform(
      { route: pipeline, work: () => words('A secret of the house.') },
      'Tell the team',
    );
    const { store } = stage.butler;
    assert.ok((await deleteSession(stage.butler, job.session, 'person:test')).ok);
    assert.deepEqual(await store.sessions({ limit: 10 }), []);
    const { entries } = await store.entries({ after: 0, limit: 500, bodies: true });
    assert.doesNotMatch(JSON.stringify(entries), /secret of the house|Write a mail|Tell the team/);
    await store.rebuild();
    assert.deepEqual(await store.jobs({ limit: 10 }), []);
  });

  it('does not take a specialist that there is not', async () => {
    const draft = AbilityDraft.parse({ name: 'Typo', provider: 'ollama', agents: ['emial'] });
    const made = await createAbility(stage.butler, { draft }, 'person:test');
    assert.match(made.ok ? '' : `${made.failure.what} ${made.failure.mend}`, /no "emial".*email/);
  });

  it('does the job itself where the choice makes no sense, and none of the nonsense is told', async () => {
    for (const nonsense of [
      words('I think that this is about mail.'),
      words('{"steps": "email"'),
      words('{"steps":[{"agent":"plumber","task":"Mend it."}]}'),
      [],
      [{ kind: 'call', call: 'x', tool: 'rm', input: null } as const],
    ] satisfies (readonly Part[])[]) {
      const { job, end, asked } = await perform(
        { route: () => nonsense, work: () => words('Done.') },
        'Mend the pipe',
      );
      assert.deepEqual([end.state, end.agent], ['completed', 'general']);
      assert.deepEqual(asked[1]?.messages, [{ role: 'user', text: 'Mend the pipe' }]);
      assert.ok(toolsOf(asked[1]).includes('delegate'));
      assert.deepEqual(await childrenOf(job), []);
      await crew.dismiss();
    }
  });

  it('understands a choice that is written as JSON', async () => {
    const { end } = await perform(
      { route: () => words('Here:\n{"steps": ["Email"]}'), work: () => words('Done.') },
      'Draft a mail',
    );
    assert.equal(end.agent, 'email');
  });

  it('calls one in by itself while it works, and goes on when that one fails', async () => {
    const { job, asked } = await perform(
      {
        route: routes(['general', '']),
        work: (member, { messages }) => {
          if (member === 'figures') throw new Error('no figures today');
          if (messages.length === 1)
            return calling('delegate', { agent: 'analytics', task: 'Count the files.' });
          return words('Nobody could count them.');
        },
      },
      'How many files are there?',
      await teamAbility(stage, { agents: ['analytics'] }),
    );
    growOnly(
      asked
        .filter(({ tools }) => tools.some(({ name }) => name === 'delegate'))
        .map(({ messages }) => messages),
    );
    await crew.golden('specialistFails', job);
  });

  it("calls in a person's own Ability by its id, and hands on no further than two deep", async () => {
    const chain = [
      ['Intern', 'email'],
      ['Deputy', 'intern'],
      ['Chief', 'deputy'],
    ] as const;
    for (const [name, agent] of chain) {
      await teamAbility(stage, { name, agents: [agent], prompt: `You are the ${name}.` });
    }
    const { job, asked } = await perform(
      {
        route: routes(['general', '']),
        work: (_member, { messages, system, tools }) => {
          const delegates = tools.some(({ name }) => name === 'delegate');
          if (messages.length > 1 || !delegates) return words('Done.');
          const agent = system.includes('You are the Chief.') ? 'deputy' : 'intern';
          return calling('delegate', { agent, task: 'Do it.' });
        },
      },
      'Have it done',
      'chief',
    );
    const told = asked.map(({ system }) => /You are the (\w+)\./.exec(system)?.[1] ?? 'router');
    assert.deepEqual(told, ['router', 'Chief', 'Deputy', 'Intern', 'Deputy', 'Chief']);
    const [deputy] = await childrenOf(job);
    assert.equal(deputy?.ability, 'deputy');
  });

  it('stops the specialist at work with the job', async () => {
    const begun = Promise.withResolvers<void>();
    const held = deed({
      run: ({ signal }) => {
        begun.resolve();
        return untilStopped(signal);
      },
    });
    const { provider } = playing({
      route: routes(['general', 'One.'], ['email', 'Two.']),
      work: () => calling('deed'),
    });
    crew.work('one', { provider, tools: [held.tool] });
    const job = await stage.hand(await teamAbility(stage), 'Do it');
    await begun.promise;
    const [child] = await childrenOf(job);
    assert.ok(child);
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.equal((await stage.end(child)).state, 'aborted');
    assert.equal((await childrenOf(job)).length, 1);
    await crew.golden('pipelineAborted', job);
  });

  it('goes on when a person stops the specialist alone', async () => {
    const stays = deed({ run: ({ signal }) => untilStopped(signal) });
    const { provider } = playing({
      route: routes(['general', 'One.'], ['email', 'Two.']),
      work: (member, { messages }) => {
        if (member) return words('Dear all.');
        return messages.length === 1 ? calling('deed') : words('One was stopped, the other is done.');
      },
    });
    crew.work('one', { provider, tools: [stays.tool] });
    const job = await stage.hand(await teamAbility(stage), 'Do both');
    const child = await until(stage.butler, async () => (await childrenOf(job))[0] ?? null);
    await crew.saw(child, 'execution.started');
    assert.ok((await abortJob(stage.butler, child.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'completed');
    await crew.golden('specialistStopped', job);
  });

  it('waits for its specialists without a place at work, so that they find one however many wait', async () => {
    const { provider } = playing({ route: pipeline, work: () => words('Done.') });
    const jobs = await Promise.all(
      Array.from({ length: 6 }, async () => stage.hand(await teamAbility(stage), 'Do it')),
    );
    crew.work('one', { provider });
    for (const job of jobs) assert.equal((await stage.end(job)).state, 'completed');
  });
});

function toolsOf(request?: ProviderRequest): readonly string[] {
  return request?.tools.map(({ name }) => name) ?? [];
}

function lastWords(request?: ProviderRequest): string {
  const last = request?.messages.at(-1);
  return last?.role === 'user' ? last.text : '';
}
