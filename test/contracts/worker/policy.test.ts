import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createJob, setJobMode } from '../../../server/protocol/job.ts';
import { readJournal } from '../../../server/protocol/journal.ts';
import {
  changePermission,
  checkPermission,
  listPermissions,
  permissionsChanged,
} from '../../../server/protocol/permission.ts';
import {
  addPolicyRule,
  explainPolicy,
  type PolicyRule,
  policyChanged,
  readPolicy,
  removePolicyRule,
  resetPolicy,
} from '../../../server/protocol/policy.ts';
import { refusalOf } from '../../support/lspClient.ts';
import { workerOfEachTest } from './workerOfEachTest.ts';

const rule: PolicyRule = { decision: 'deny', path: 'docs/**', why: 'The docs are done.' };
const call = { tool: 'write_file', input: { path: 'docs/new.md', content: 'x' } };

describe('policy and permissions over the wire', () => {
  const { stage, client } = workerOfEachTest();
  const told = (method: string) =>
    new Promise<void>((resolve) => {
      client.connection.onNotification(method, () => resolve());
    });

  it('are read, changed and explained, and every surface is told', async () => {
    const news = told(policyChanged.method);
    const { states } = await client.send(addPolicyRule, { rule });
    assert.deepEqual(states.find(({ source }) => source === 'user')?.rules, [rule]);
    await news;
    const explained = await client.send(explainPolicy, { ...call, mode: 'allow' });
    assert.deepEqual([explained.decision, explained.source], ['deny', 'user']);
    assert.match(explained.rule, /The docs are done/);
    const gone = { index: 0, rule: { ...rule, path: 'other' } };
    assert.equal((await refusalOf(client.send(removePolicyRule, gone))).kind, 'conflict');
    await client.send(removePolicyRule, { index: 0, rule });
    await client.send(addPolicyRule, { rule });
    await client.send(resetPolicy, {});
    assert.deepEqual(
      (await client.send(readPolicy, {})).states.flatMap(({ rules }) => rules),
      [],
    );
    const { entries } = await client.send(readJournal, { filter: { types: ['policy.changed'] } });
    assert.deepEqual(
      entries.map(({ actor, data }) => [actor, (data as { change: string }).change]),
      ['added', 'removed', 'added', 'reset'].map((change) => ['person:test', change]),
    );
  });

  it('of a workspace count for its jobs, and a rule that says nothing is refused with its field', async () => {
    await mkdir(path.join(stage.workspace, '.butler'), { recursive: true });
    await writeFile(path.join(stage.workspace, '.butler/policy.json'), JSON.stringify({ rules: [rule] }));
    assert.equal((await client.send(explainPolicy, call)).source, 'workspace');
    const nothing = await refusalOf(client.send(addPolicyRule, { rule: { decision: 'allow' } }));
    assert.equal(nothing.field, 'rule');
    const unknown = await refusalOf(client.send(explainPolicy, { tool: 'fly', input: {} }));
    assert.equal(unknown.kind, 'notFound');
  });

  it('are listed with reasons, taken and given', async () => {
    const { holders } = await client.send(listPermissions, {});
    assert.ok(holders.some(({ id, needs }) => id === 'tool:run_command' && needs[0]?.permission === 'run'));
    const news = told(permissionsChanged.method);
    const asked = { holder: 'tool:write_file', permission: 'write' } as const;
    const taken = await client.send(changePermission, { ...asked, granted: false });
    assert.equal(taken.needs[0]?.state, 'revoked');
    await news;
    assert.equal((await client.send(checkPermission, asked)).granted, false);
    const explained = await client.send(explainPolicy, call);
    assert.match(explained.rule, /took "write" from tool:write_file/);
  });

  it('keep the mode of a job', async () => {
    const text = '/unknown words for nobody';
    const job = await client.send(createJob, { ability: 'butler', text, kind: 'run', mode: 'assisted' });
    await client.send(setJobMode, { id: job.id, mode: 'allow' });
    const filter = { job: job.id, types: ['job.created', 'job.modeSet'] as const };
    const { entries } = await client.send(readJournal, { filter: { ...filter, types: [...filter.types] } });
    assert.deepEqual(
      entries.map(({ data }) => (data as { mode?: string }).mode),
      ['assisted', 'allow'],
    );
    assert.equal((await refusalOf(client.send(setJobMode, { id: 'none', mode: 'ask' }))).kind, 'notFound');
  });
});
