import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createJob } from '../../../server/core/jobs.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Mode } from '../../../server/protocol/policy.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { decided, questions } from './asking.ts';
import { calls, crewOfEachTest, says, scripted } from './crew.ts';

describe('commands under the policy', function () {
  this.timeout(60_000);
  const { crew } = crewOfEachTest();
  beforeEach(async function () {
    if (!(await crew.stage.butler.sandbox.state()).holds) skipBecause(this, 'no sandbox holds commands here');
  });

  const run = async (mode: Mode, ...commands: string[]) => {
    const { stage } = crew;
    const script = commands.map((command) => calls('run_command', { command }));
    const hand = crew.work('one', { provider: scripted(...script, says('Done.')).provider });
    const { workspace, butler } = stage;
    const request = { ability: 'butler', workspace, text: 'Run', kind: 'task', mode } as const;
    const created = await createJob(butler, request, 'person:test');
    assert.ok(created.ok);
    return { job: created.value, hand };
  };
  const titles = async ({ id }: Job) =>
    (await crew.stage.butler.store.executions(id)).map(({ title, state }) => `${title}: ${state}`);

  it('run by themselves after "always", with what the rule leaves open and nothing more', async () => {
    const { stage } = crew;
    const first = await run('ask', 'wc -l README.md');
    const [asked] = await questions(stage, first.job, 1);
    assert.ok(asked?.always);
    await decided(stage, asked, { decision: 'approveAlways' });
    await stage.end(first.job);
    await first.hand.stop();
    assert.match(await readFile(stage.butler.config.policyFile, 'utf8'), /"wc"/);

    const second = await run('ask', 'wc -l README.md', 'wc -l README.md > counted.txt');
    const [other] = await questions(stage, second.job, 1);
    assert.equal((await titles(second.job)).length, 1);
    assert.match(other?.title ?? '', /counted/);
    assert.ok(other && other.always === undefined);
    await decided(stage, other, { decision: 'deny' });
    await stage.end(second.job);
  });

  it('go on by themselves in the modes that let them, but for what is not understood or is guarded', async () => {
    const { stage } = crew;
    const { job } = await run('assisted', 'echo one > made.txt', 'echo $(id)', 'echo x >> .git/config');
    for (const about of [/\$\(id\)/, /\.git\/config/]) {
      const [asked] = await questions(stage, job, 1);
      assert.match(asked?.title ?? '', about);
      assert.ok(asked?.protected);
      await decided(stage, asked, { decision: 'deny' });
    }
    await stage.end(job);
    assert.deepEqual(await readFile(`${stage.workspace}/made.txt`, 'utf8'), 'one\n');
    assert.equal((await titles(job)).length, 1);
  });

  it('are denied by a rule of the person in whatever chain they stand', async () => {
    const { stage } = crew;
    const { policyFiles } = stage.butler;
    const rule = { decision: 'deny', argv: ['touch', '...'], why: 'No new files.' } as const;
    assert.ok((await policyFiles.change({ kind: 'add', rule: { ...rule, argv: [...rule.argv] } })).ok);
    const { job } = await run('allow', 'ls && /usr/bin/touch x', 'timeout 5 touch y', 'ls');
    await stage.end(job);
    assert.equal((await titles(job)).length, 1);
    const { turns } = await stage.transcript(job.session);
    const outputs = turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []));
    assert.match(outputs[0]?.output ?? '', /No new files/);
    assert.match(outputs[1]?.output ?? '', /No new files/);
  });
});
