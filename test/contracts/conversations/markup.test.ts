import assert from 'node:assert/strict';
import type { Passing } from '../../../server/core/jobRun.ts';
import type { Provider, ProviderEvent } from '../../../server/core/ports/provider.ts';
import { crewOfEachTest, deed } from './crew.ts';

const written = 'I do it.\n<tool_call>\n{"name": "deed", "arguments": {}}\n</tool_call>';

describe('a model that writes a tool call into its text', function () {
  this.timeout(60_000);
  const { crew } = crewOfEachTest();

  it('is asked again, and nobody sees what it wrote', async () => {
    const passing: Passing[] = [];
    const { tool, done } = deed();
    crew.work('one', { provider: writing(), tools: [tool], emit: (one) => void passing.push(one) });
    const job = await crew.stage.hand('butler', 'Do a deed');
    assert.equal((await crew.stage.end(job)).state, 'completed');
    assert.equal(done.length, 1);
    const seen = passing.flatMap((one) => (one.kind === 'token' && one.token === 'text' ? [one.text] : []));
    assert.equal(seen.join(''), 'I do it.\nI do it.\nDone.');
    await crew.golden('callAsText', job);
  });
});

/** First only writes a call, then writes it and makes it, then ends. */
function writing(): Provider {
  let asked = 0;
  return {
    name: 'offline',
    kind: 'offline',
    local: true,
    title: 'Script',
    about: '',
    needsKey: false,
    models: ['script'],
    async *stream(): AsyncGenerator<ProviderEvent> {
      const text = asked++ < 2 ? written : 'Done.';
      for (const piece of text.match(/.{1,3}|\n/gs) ?? []) yield { kind: 'text', text: piece };
      const call = { kind: 'call', call: 'call-1', tool: 'deed', input: {} } as const;
      const parts = [{ kind: 'text', text } as const, ...(asked === 2 ? [call] : [])];
      yield { kind: 'done', parts, stop: asked === 2 ? 'calls' : 'end', usage: null };
    },
  };
}
