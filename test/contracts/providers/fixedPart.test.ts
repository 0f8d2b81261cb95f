import assert from 'node:assert/strict';
import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { CommandParts } from '../../../server/adapters/tools/commands/parts.ts';
import { tools } from '../../../server/adapters/tools/index.ts';
import { factsOf } from '../../../server/core/models.ts';
import { buildRequest } from '../../../server/core/prompt.ts';
import { toolDefinitions } from '../../../server/core/toolDefinitions.ts';
import { Ability } from '../../../server/protocol/ability.ts';
import { emptyTranscript } from '../../../server/protocol/transcript.ts';
import { collect } from './listen.ts';
import { startWire, stream } from './wire.ts';

const all = tools({ rg: 'rg', commands: {} as CommandParts });
const files =
  /^(list_files|search_text|read_file|read_output|write_file|edit_file|delete_file|move_file|save_deliverable|publish)$/;
const cases = [
  /** DESIGN "Budgets". */
  { what: 'the file tools', given: all.filter(({ name }) => files.test(name)), budget: 5600 },
  { what: 'every built-in tool', given: all, budget: 8000 },
];

const services = { anthropic: createAnthropic, openai: createOpenAi, compatible: createCompatible };

describe('the fixed part of a request', () => {
  for (const [name, create] of Object.entries(services)) {
    for (const { what, given, budget } of cases) {
      it(`stays within its budget of bytes with ${what}, for ${name}`, async () => {
        const request = buildRequest({
          ability,
          transcript: emptyTranscript,
          tools: toolDefinitions(given),
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
  }
});

const ability = Ability.parse({
  id: 'a',
  origin: 'user',
  created: 0,
  updated: 0,
  name: 'Site from README',
});
