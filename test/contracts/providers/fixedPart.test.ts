import assert from 'node:assert/strict';
import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { tools } from '../../../server/adapters/tools/index.ts';
import { factsOf } from '../../../server/core/models.ts';
import { buildRequest } from '../../../server/core/prompt.ts';
import { toolDefinitions } from '../../../server/core/toolDefinitions.ts';
import { Ability } from '../../../server/protocol/ability.ts';
import { emptyTranscript } from '../../../server/protocol/transcript.ts';
import { collect } from './listen.ts';
import { startWire, stream } from './wire.ts';

/** DESIGN "Budgets". */
const budget = 5600;

const services = { anthropic: createAnthropic, openai: createOpenAi, compatible: createCompatible };

describe('the fixed part of a request', () => {
  for (const [name, create] of Object.entries(services)) {
    it(`stays within its budget of bytes with every built-in tool, for ${name}`, async () => {
      const ability = Ability.parse({
        id: 'a',
        origin: 'user',
        created: 0,
        updated: 0,
        name: 'Site from README',
      });
      const request = buildRequest({
        ability,
        transcript: emptyTranscript,
        tools: toolDefinitions(tools({ rg: 'rg' })),
        job: 'j',
        facts: factsOf('anthropic', 'claude-sonnet-5-5'),
      });
      const wire = await startWire(stream());
      const provider = create({ key: async () => 'sk-test', baseURL: wire.url });
      await collect({ provider, request: { ...request, model: 'claude-sonnet-5-5' } });
      await wire.close();
      const bytes = Buffer.byteLength(wire.bodies[0] ?? '');
      assert.ok(bytes > 0 && bytes <= budget, `${bytes} bytes of ${budget}`);
    });
  }
});
