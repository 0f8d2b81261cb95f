import assert from 'node:assert/strict';
import { changePermission } from '../../../server/core/permissions.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { bad, failures } from '../../../server/protocol/failure.ts';
import { calls, crewOfEachTest, deed, says, scripted, untilStopped } from '../conversations/crew.ts';
import { hurrying } from '../conversations/model.ts';

describe('an act whose permission the person took meanwhile', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const needs: Tool['needs'] = [{ permission: 'network', reason: 'To reach the world.' }];
  const taken = async (tool: Tool) => {
    const holder = tool.holder ?? 'tool:deed';
    const holders = async () => [{ id: holder, title: 'Deed', about: '', needs }];
    const change = { holder, permission: 'network', granted: false } as const;
    const ports = { ...stage.butler, tools: [], holders };
    assert.ok((await changePermission(ports, change, 'person:test')).ok);
  };
  const output = async (session: string) => {
    const { turns } = await stage.transcript(session);
    return turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []))[0]?.output ?? '';
  };
  const answers = () => scripted(calls('deed'), says('Done.')).provider;

  it('is not done by the next worker, though the first had begun it', async () => {
    const begun = Promise.withResolvers<void>();
    const first = deed({
      run: ({ signal }) => {
        begun.resolve();
        return untilStopped(signal);
      },
    });
    const second = deed({ reconcile: async () => ({ state: 'notDone' }) });
    const hand = crew.work('first', { tools: [{ ...first.tool, needs }], provider: answers() });
    const job = await stage.hand('butler', 'Do it');
    await begun.promise;
    await crew.loses(hand);
    await taken(second.tool);
    crew.work('second', {
      tools: [{ ...second.tool, needs }],
      provider: scripted(says('Done.')).provider,
    });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.match(await output(job.session), /Not allowed: The person took "network"/);
    assert.deepEqual(second.done, []);
  });

  for (const holder of [undefined, 'mcp:other']) {
    it(`is not done when the network is back (${holder ?? 'of our own'})`, async () => {
      const { tool, done } = deed();
      let isAway = true;
      const deedOf: Tool = {
        ...tool,
        needs,
        ...(holder ? { holder } : {}),
        run: async (input, plan, context) =>
          isAway ? bad(failures.offline('The world is away.')) : tool.run(input, plan, context),
      };
      if (holder) {
        const holders = async () => [{ id: holder, title: 'Deed', about: '', needs }];
        const change = { holder, permission: 'network', granted: true } as const;
        const ports = { ...stage.butler, tools: [], holders };
        assert.ok((await changePermission(ports, change, 'person:test')).ok);
      }
      crew.work('first', { tools: [deedOf], provider: answers() });
      const job = await stage.hand('butler', 'Do it');
      await crew.saw(job, 'network.awaited');
      await taken(deedOf);
      isAway = false;
      assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
      assert.match(await output(job.session), /Not allowed: The person took "network"/);
      assert.deepEqual(done, []);
    });
  }
});
