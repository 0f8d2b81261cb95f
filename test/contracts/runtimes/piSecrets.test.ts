import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setKey } from '../../../server/core/providers.ts';
import { calls, piOfEachTest, says } from './piStage.ts';

/** Made of pieces, so that it stands in no file but those that the test writes. */
const kept = ['canary', 'kept', 'only', '1a2b3c4d5e6f'].join('-');
/** A token of a service that the butler was never told. */
const unknown = `gh${'p_'}${'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYz'}12`;

describe('an Ability on pi that meets secrets', function () {
  this.timeout(60_000);
  const { stage, set } = piOfEachTest();

  it('tells none to its model, and shows none and no markup of tools on the way', async () => {
    const markup = '<tool_call>{"name":"read"}</tool_call>';
    await set([
      calls(['read', { path: 'notes.txt' }]),
      calls(['bash', { command: 'cat notes.txt' }], ['bash', { command: 'cat notes.txt; exit 3' }]),
      says(`It is ${kept}. ${markup} That is all.`),
    ]);
    await setKey(stage.butler, { provider: 'openai', value: kept }, 'person:test');
    await writeFile(path.join(stage.workspace, 'notes.txt'), `First.\nkept = ${kept}\ntoken = ${unknown}\n`);
    const job = await stage.hand('piper', 'Read the notes.');
    for (let command = 0; command < 2; command++) await stage.decide(await stage.question(job), 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    const asked = stage.requests().at(-1) ?? '';
    assert.equal(asked.split('First.').length - 1, 3, asked);
    assert.match(asked, /code 3/);
    const streamed = stage.passing.flatMap((one) => (one.kind === 'token' ? [one.text] : [])).join('');
    assert.match(streamed, /It is \[secret removed\]\. {2}That is all\./);
    const { entries } = await stage.butler.store.entries({ after: 0, limit: 500, bodies: true });
    const sinks = { requests: stage.requests().join(''), streamed, journal: JSON.stringify(entries) };
    for (const [sink, text] of Object.entries(sinks)) {
      for (const secret of [kept, unknown]) assert.ok(!text.includes(secret), `${sink} holds ${secret}`);
    }
    assert.doesNotMatch(sinks.streamed + sinks.journal, /<tool_call>/);
  });
});
