import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decideApproval } from '../../../server/core/approvals.ts';
import type { PolicyChange } from '../../../server/core/ports/policyFiles.ts';
import type { Effect } from '../../../server/protocol/effect.ts';
import { bad, failures } from '../../../server/protocol/failure.ts';
import { acting, callsAll, decided, decides, held, questions } from './asking.ts';
import { type Crew, crewOfEachTest, says, scripted } from './crew.ts';

const policyOf = async (crew: Crew) =>
  JSON.parse(await readFile(crew.stage.butler.config.policyFile, 'utf8')) as { rules: unknown[] };

const changes = async ({ stage }: Crew) => {
  const { entries } = await stage.butler.store.entries({ filter: { types: ['policy.changed'] }, limit: 10 });
  return entries.map((entry) => entry.type === 'policy.changed' && entry.data.change);
};

describe('"always"', () => {
  const { crew } = crewOfEachTest();

  const handOver = async (effects: (what: string) => readonly Effect[], ...script: string[]) => {
    const act = acting({ effects });
    const { provider } = scripted(...script.map((what) => callsAll(what)), says('Done.'));
    crew.work('one', { provider, tools: [act.tool] });
    return { act, job: await crew.stage.hand('butler', 'Act') };
  };

  it('writes exactly the rule that was shown, and the like goes on by it in every later job', async () => {
    const { stage } = crew;
    const { act, job } = await handOver(() => [held('npm', 'test')], 'a', 'b');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked?.always);
    await decided(stage, asked, { decision: 'approveAlways' });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.done, ['a', 'b']);
    assert.deepEqual((await policyOf(crew)).rules, [asked.always]);
    const { entries } = await stage.butler.store.entries({
      filter: { types: ['policy.changed'] },
      limit: 10,
    });
    assert.deepEqual(
      entries.map(({ actor, data }) => [actor, data]),
      [['person:test', { change: 'added', rule: asked.always }]],
    );
  });

  it('is refused where the question offers none, and nothing is decided by that', async () => {
    const { stage } = crew;
    const { act, job } = await handOver(() => [{ kind: 'send', address: 'somebody' }], 'a');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked && asked.always === undefined);
    const refused = await decides(stage, asked, { decision: 'approveAlways' });
    assert.ok(!refused.ok && refused.failure.kind === 'denied');
    assert.equal((await questions(stage, job, 1)).length, 1);
    await decided(stage, asked, { decision: 'deny' });
    await stage.end(job);
    assert.deepEqual(act.done, []);
  });

  it('is neither offered nor taken for a command that nothing holds, nor is "for this job"', async () => {
    const { stage } = crew;
    const { job } = await handOver(() => [{ kind: 'run', argv: ['ls'], cwd: '/work' }], 'a');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked?.protected && asked.always === undefined);
    for (const decision of ['approveAlways', 'approveForJob'] as const) {
      const refused = await decides(stage, asked, { decision });
      assert.ok(!refused.ok && refused.failure.kind === 'denied');
    }
    await decided(stage, asked, { decision: 'deny' });
    await stage.end(job);
  });

  it('is not offered where a rule of the workspace asks, for a rule of the person could not widen it', async () => {
    const { stage } = crew;
    await mkdir(path.join(stage.workspace, '.butler'), { recursive: true });
    const rules = [{ decision: 'ask', argv: ['npm', '...'], why: 'Tests cost money here.' }];
    await writeFile(path.join(stage.workspace, '.butler/policy.json'), JSON.stringify({ rules }));
    const { job } = await handOver(() => [held('npm', 'test')], 'a');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked?.protected && asked.always === undefined);
    assert.match(asked.rule, /Tests cost money here/);
    await decided(stage, asked, { decision: 'deny' });
    await stage.end(job);
  });

  it('decides nothing while the policy has a fault', async () => {
    const { stage } = crew;
    const { job } = await handOver(() => [held('npm', 'test')], 'a');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked);
    await writeFile(stage.butler.config.policyFile, '{ "rules": oops');
    const refused = await decides(stage, asked, { decision: 'approveAlways' });
    assert.ok(!refused.ok && refused.failure.kind === 'invalid');
    assert.equal((await questions(stage, job, 1))[0]?.id, asked.id);
    await decided(stage, asked, { decision: 'deny' });
    await stage.end(job);
  });

  it('that cannot be written decides nothing, and is noted as taken back', async () => {
    const { stage } = crew;
    const { act, job } = await handOver(() => [held('npm', 'test')], 'a');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked);
    const { butler } = stage;
    const policyFiles = {
      ...butler.policyFiles,
      change: async () => bad(failures.store('The disk is full.', 'Make room.')),
    };
    const given = { id: asked.id, digest: asked.digest, decision: 'approveAlways' } as const;
    const refused = await decideApproval({ ...butler, policyFiles }, given, 'person:test');
    assert.ok(!refused.ok && refused.failure.kind === 'store');
    assert.deepEqual(await changes(crew), ['added', 'removed']);
    await decided(stage, asked, { decision: 'deny' });
    await stage.end(job);
    assert.deepEqual(act.done, []);
  });

  it('whose decision comes too late leaves no rule behind', async () => {
    const { stage } = crew;
    const { job } = await handOver(() => [held('npm', 'test')], 'a');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked);
    const { butler } = stage;
    const policyFiles = {
      ...butler.policyFiles,
      change: async (change: PolicyChange) => {
        if (change.kind === 'add') await decided(stage, asked, { decision: 'deny' });
        return butler.policyFiles.change(change);
      },
    };
    const given = { id: asked.id, digest: asked.digest, decision: 'approveAlways' } as const;
    const refused = await decideApproval({ ...butler, policyFiles }, given, 'person:test');
    assert.ok(!refused.ok && refused.failure.kind === 'conflict');
    assert.deepEqual((await policyOf(crew)).rules, []);
    assert.deepEqual(await changes(crew), ['added', 'removed']);
    await stage.end(job);
  });
});

describe('a question of the agent', () => {
  const { crew } = crewOfEachTest();

  const question: Effect = { kind: 'ask', question: 'Which colour?', choices: ['red', 'blue'] };

  it('brings the answer of the person to the tool, also after a crash', async () => {
    const { stage } = crew;
    const act = acting({ effects: () => [question] });
    const { provider } = scripted(callsAll('a'), says('Done.'));
    const first = crew.work('one', { provider, tools: [act.tool] });
    const job = await stage.hand('butler', 'Ask');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked);
    await crew.loses(first);
    await decided(stage, asked, { decision: 'approve', answer: 'green' });
    crew.work('two', { provider: scripted(says('Done.')).provider, tools: [act.tool] });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.answers, ['green']);
  });

  it('is asked in every mode, wants an answer, and takes no other decision; nothing else takes one', async () => {
    const { stage } = crew;
    const act = acting({ effects: (what) => (what === 'a' ? [question] : [held('npm', 'test')]) });
    const { provider } = scripted(callsAll('a'), callsAll('b'), says('Done.'));
    crew.work('one', { provider, tools: [act.tool], mode: () => 'allow' });
    const job = await stage.hand('butler', 'Ask');
    const [asked] = await questions(stage, job, 1);
    assert.ok(asked);
    for (const wrong of [
      { decision: 'approve' },
      { decision: 'approve', answer: '  ' },
      { decision: 'approveForJob', answer: 'red' },
      { decision: 'deny', answer: 'red' },
    ] as const) {
      assert.equal((await decides(stage, asked, wrong)).ok, false, JSON.stringify(wrong));
    }
    await decided(stage, asked, { decision: 'approve', answer: 'red' });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.answers, ['red', null]);
  });
});
