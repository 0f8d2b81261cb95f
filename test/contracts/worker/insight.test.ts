import assert from 'node:assert/strict';
import path from 'node:path';
import { createAbility } from '../../../server/core/abilities.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import { findSymbols, getSecret, readDiagnostics } from '../../../server/protocol/editor.ts';
import { createJob } from '../../../server/protocol/job.ts';
import { type LspClient, startClient } from '../../support/lspClient.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { startWire, stream, type Wire } from '../providers/wire.ts';

describe('a worker whose client knows more of the code', function () {
  this.timeout(60_000);
  let stage: Stage;
  let wire: Wire;
  let client: LspClient;
  beforeEach(async () => {
    wire = await startWire((response, request) =>
      stream(a.start(), ...answerTo(wire.bodies.length))(response, request),
    );
    stage = await setStage({ serve: false });
    const draft = AbilityDraft.parse({ name: 'Fixer', provider: 'anthropic' });
    assert.ok((await createAbility(stage.butler, { draft }, 'person:test')).ok);
  });
  afterEach(async () => {
    await client.close();
    await stage.close();
    await wire.close();
  });

  /** What the model was told of tools and results, where the client says this of itself. */
  async function told(insight: boolean): Promise<{ tools: string[]; last: string }> {
    client = await startClient({
      home: stage.home,
      workspace: stage.workspace,
      initialization: { insight, secrets: true, approvals: true, anthropicBaseUrl: wire.url },
    });
    const place = { path: path.join(stage.workspace, 'src/tide.js'), line: 2, column: 1 };
    client.connection.onRequest(getSecret.method, () => ({ value: 'k'.repeat(24) }));
    client.connection.onRequest(readDiagnostics.method, () => ({
      diagnostics: [
        { ...place, severity: 'error', message: 'the moon is missing', source: 'js' },
        { ...place, path: '/etc/passwd', severity: 'error', message: 'outside', source: 'js' },
      ],
    }));
    client.connection.onRequest(findSymbols.method, ({ query }: { query: string }) => ({
      symbols: [{ ...place, name: `${query}Height`, kind: 'function', container: '' }],
    }));
    const job = await client.send(createJob, { ability: 'fixer', text: 'Mend it' });
    assert.equal((await stage.end(job)).state, 'completed');
    const { tools } = JSON.parse(wire.bodies[0] ?? '') as { tools: { name: string }[] };
    return { tools: tools.map(({ name }) => name), last: wire.bodies.at(-1) ?? '' };
  }

  it('asks it for what is wrong and where things are, and tells that to the model', async () => {
    const { tools, last } = await told(true);
    assert.ok(tools.includes('read_diagnostics') && tools.includes('find_symbols'));
    assert.match(last, /src\/tide\.js:2:1 error \[js\] the moon is missing/);
    assert.doesNotMatch(last, /outside/);
    assert.match(last, /tideHeight \(function\) src\/tide\.js:2:1/);
  });

  it('offers neither where the client does not', async () => {
    const { tools } = await told(false);
    assert.ok(!tools.includes('read_diagnostics') && !tools.includes('find_symbols'));
  });
});

/** A model that asks twice and ends. */
function answerTo(turn: number): (string | object)[] {
  if (turn === 1) return [...a.call(0, 'toolu_1', 'read_diagnostics', '{}'), ...a.end('tool_use')];
  if (turn === 2) return [...a.call(0, 'toolu_2', 'find_symbols', '{"query":"tide"}'), ...a.end('tool_use')];
  return [...a.text(0, 'Mended.'), ...a.end('end_turn')];
}
