import assert from 'node:assert/strict';
import * as z from 'zod';
import { toolDefinitions } from './toolDefinitions.ts';

describe('the tools of a request', () => {
  it('are described without what tells a model nothing', () => {
    const input = z.strictObject({
      path: z.string().describe('in the workspace'),
      from: z.int().min(1).default(1),
      size: z.int(),
      fields: z.record(z.string(), z.string()).optional(),
      files: z.array(z.strictObject({ path: z.string(), text: z.string().optional() })).max(9),
    });
    assert.deepEqual(toolDefinitions([{ name: 'read', description: 'Reads.', input }]), [
      {
        name: 'read',
        description: 'Reads.',
        input: {
          type: 'object',
          properties: {
            path: { type: 'string', description: 'in the workspace' },
            from: { type: 'integer', minimum: 1, default: 1 },
            size: { type: 'integer' },
            fields: { type: 'object', additionalProperties: { type: 'string' } },
            files: {
              type: 'array',
              maxItems: 9,
              items: {
                type: 'object',
                properties: { path: { type: 'string' }, text: { type: 'string' } },
                required: ['path'],
              },
            },
          },
          required: ['path', 'size', 'files'],
        },
      },
    ]);
  });

  it('keep a property that bears the name of a keyword', () => {
    const input = z.strictObject({ $schema: z.string(), propertyNames: z.string() });
    const [tool] = toolDefinitions([{ name: 't', description: '', input }]);
    assert.deepEqual(Object.keys(tool?.input.properties as object), ['$schema', 'propertyNames']);
  });
});
