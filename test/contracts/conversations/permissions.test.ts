import assert from 'node:assert/strict';
import { changePermission, checkPermission, listPermissions } from '../../../server/core/permissions.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { bad, failures } from '../../../server/protocol/failure.ts';
import { acting, callsAll } from './asking.ts';
import { crewOfEachTest, says, scripted } from './crew.ts';

const needs: Tool['needs'] = [{ permission: 'network', reason: 'To reach the world.' }];

describe('permissions', () => {
  const { crew } = crewOfEachTest();

  const outputs = async (tool: Tool) => {
    const { provider } = scripted(callsAll('a'), says('Done.'));
    const hand = crew.work('one', { provider, tools: [tool] });
    const job = await crew.stage.hand('butler', 'Act');
    await crew.stage.end(job);
    await hand.stop();
    const { turns } = await crew.stage.transcript(job.session);
    return turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls.map(({ output }) => output) : []));
  };

  it('are declared by every tool, with a reason that a person understands', async () => {
    const { tools } = crew.stage.butler;
    for (const { name, needs: declared } of tools) {
      assert.ok(declared, `${name} declares no needs`);
      for (const { reason } of declared) assert.match(reason, /^[A-Z].{8,}\.$/, `${name}: ${reason}`);
      assert.equal(new Set(declared.map(({ permission }) => permission)).size, declared.length, name);
    }
    const holders = await listPermissions(crew.stage.butler);
    assert.ok(tools.every(({ name }) => holders.some(({ id }) => id === `tool:${name}`)));
    assert.ok(
      holders.every(({ needs: all }) => all.every(({ state }) => state === 'granted' || state === 'unasked')),
    );
  });

  it('that a person took refuse every call before it is planned, until they are given again', async () => {
    const { butler } = crew.stage;
    let planned = 0;
    const act = acting({
      effects: () => [],
      needs,
      exactly: () => {
        planned++;
        return null;
      },
    });
    const ports = { ...butler, tools: [act.tool] };
    const change = (granted: boolean) =>
      changePermission(ports, { holder: 'tool:act', permission: 'network', granted }, 'person:test');
    assert.deepEqual(await outputs(act.tool), ['Done: a.']);
    const before = planned;
    const taken = await change(false);
    assert.ok(taken.ok && taken.value.needs[0]?.state === 'revoked');
    assert.match((await outputs(act.tool))[0] ?? '', /Not allowed: The person took "network" from tool:act/);
    assert.equal(planned, before);
    assert.ok((await change(true)).ok);
    assert.deepEqual(await outputs(act.tool), ['Done: a.']);
    await butler.store.rebuild();
    const checked = await checkPermission(ports, { holder: 'tool:act', permission: 'network' });
    assert.ok(checked.ok && checked.value.granted);
    const { entries } = await butler.store.entries({ filter: { types: ['permission.changed'] }, limit: 5 });
    assert.deepEqual(
      entries.map(({ actor, data }) => [actor, data]),
      [false, true].map((granted) => ['person:test', { holder: 'tool:act', permission: 'network', granted }]),
    );
  });

  it('beyond the first that a tool needs are wanted by the calls alone that would use them', async () => {
    const { butler } = crew.stage;
    const many: Tool['needs'] = [
      { permission: 'read', reason: 'To read.' },
      { permission: 'write', reason: 'To write.' },
    ];
    const at = { path: '/w/a', shown: 'a', place: 'workspace' } as const;
    const reading = acting({ effects: () => [{ kind: 'read', ...at }], needs: many });
    const writing = acting({ effects: () => [{ kind: 'write', ...at, reversible: true }], needs: many });
    const taken = { holder: 'tool:act', permission: 'write', granted: false } as const;
    assert.ok((await changePermission({ ...butler, tools: [writing.tool] }, taken, 'person:test')).ok);
    assert.deepEqual(await outputs(reading.tool), ['Done: a.']);
    assert.match(
      (await outputs(writing.tool))[0] ?? '',
      /Not allowed: The person took "write" from tool:act/,
    );
    const sly = acting({ effects: () => [{ kind: 'network', host: 'a.example' }], needs: many });
    assert.match((await outputs(sly.tool))[0] ?? '', /never said that it needs "network"/);
  });

  it('of somebody else are not given until a person was asked', async () => {
    const { butler } = crew.stage;
    const act = acting({ effects: () => [], needs });
    const tool: Tool = { ...act.tool, holder: 'mcp:other' };
    assert.match((await outputs(tool))[0] ?? '', /Not allowed: mcp:other needs "network"/);
    const holder = { id: 'mcp:other', title: 'Other', about: '', needs };
    const ports = { ...butler, holders: async () => [holder] };
    const given = { holder: 'mcp:other', permission: 'network', granted: true } as const;
    assert.ok((await changePermission(ports, given, 'person:test')).ok);
    assert.deepEqual(await outputs(tool), ['Done: a.']);
  });

  it('cannot be given to nobody, nor what is not needed, nor unnoted', async () => {
    const { butler } = crew.stage;
    const change = { holder: 'tool:read_file', permission: 'run', granted: true } as const;
    const unneeded = await changePermission(butler, change, 'person:test');
    assert.ok(!unneeded.ok && unneeded.failure.field === 'permission');
    const nobody = await changePermission(butler, { ...change, holder: 'tool:none' }, 'person:test');
    assert.ok(!nobody.ok && nobody.failure.kind === 'notFound');
    const store = {
      ...butler.store,
      append: async () => bad(failures.store('The disk is full.', 'Make room.')),
    };
    const read = { holder: 'tool:read_file', permission: 'read', granted: false } as const;
    assert.equal((await changePermission({ ...butler, store }, read, 'person:test')).ok, false);
    const checked = await checkPermission(butler, read);
    assert.ok(checked.ok && checked.value.granted);
  });
});
