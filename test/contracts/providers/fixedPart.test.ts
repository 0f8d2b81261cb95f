import assert from 'node:assert/strict';
import { wireRequest } from '../../../server/adapters/providers/anthropic/request.ts';
import { tools } from '../../../server/adapters/tools/index.ts';
import { buildRequest, toolDefinitions } from '../../../server/core/prompt.ts';
import { Ability } from '../../../server/protocol/ability.ts';
import { emptyTranscript } from '../../../server/protocol/transcript.ts';

/** DESIGN "Budgets". */
const budget = 5600;

describe('the fixed part of a request', () => {
  it('stays within its budget of bytes with every built-in tool', () => {
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
    });
    const bytes = Buffer.byteLength(
      JSON.stringify(wireRequest({ ...request, model: 'claude-sonnet-5-5' }, new WeakMap())),
    );
    assert.ok(bytes <= budget, `${bytes} bytes of ${budget}`);
  });
});
