import assert from 'node:assert/strict';
import type { Connection } from 'vscode-languageserver/node';
import { createAbility } from '../../../server/core/abilities.ts';
import { askOpen } from '../../../server/main/askByMessage.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import { until } from '../../support/stage.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { modelledOfEachTest } from './modelled.ts';

const question = { question: 'Which colour?', choices: ['red', 'blue\u202e'] };

describe('a question of the agent, outside the editor', function () {
  this.timeout(60_000);
  const { stage, butler } = modelledOfEachTest(answerTo);
  beforeEach(async () => {
    const draft = AbilityDraft.parse({ name: 'Painter', provider: 'anthropic' });
    assert.ok((await createAbility(stage.butler, { draft }, 'person:test')).ok);
  });
  const waiting = () =>
    until(stage.butler, async () => (await stage.butler.store.pendingApprovals())[0]?.approval ?? null);

  it('is not answered by --yes, waits for "butler answer", and tells the words to the model', async () => {
    const running = butler('run', '--yes', 'painter', 'Paint it');
    const approval = await waiting();
    assert.notEqual((await butler('approve', approval.id)).status, 0);
    assert.notEqual((await butler('answer', 'nothing', 'x')).status, 0);
    const answered = await butler('answer', approval.id, 'dark', 'green');
    assert.equal(answered.status, 0, answered.err);
    const ran = await running;
    assert.match(ran.out, /Which colour\?[\s\S]*red[\s\S]*butler answer/);
    assert.match(ran.out, /It is dark green\./);
    assert.equal(ran.status, 0);
  });

  it('is asked of another client by its choices, which hide nothing', async () => {
    const running = butler('run', 'painter', 'Paint it');
    await waiting();
    const shown: string[] = [];
    const connection = {
      window: {
        showWarningMessage: async (text: string, ...actions: { title: string }[]) => {
          shown.push(text, ...actions.map(({ title }) => title));
          return actions[1];
        },
      },
    } as unknown as Connection;
    await askOpen(connection, stage.butler, 'person:test');
    assert.match((await running).out, /It is blue/);
    assert.deepEqual(shown, ['Which colour?', 'red', 'blue\\u202e', 'No answer']);
  });
});

/** A model that asks, and says what it was told. */
function answerTo(body: string): (string | object)[] {
  const { messages } = JSON.parse(body) as { messages: { role: string; content: unknown }[] };
  const told = JSON.stringify(messages.at(-1)?.content ?? '');
  if (!told.includes('tool_result')) {
    return [...a.call(0, 'toolu_1', 'ask_person', JSON.stringify(question)), ...a.end('tool_use')];
  }
  const [answer = 'nothing'] = /dark green|blue/.exec(told) ?? [];
  return [...a.text(0, `It is ${answer}.`), ...a.end('end_turn')];
}
