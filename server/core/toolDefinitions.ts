import * as z from 'zod';
import type { ToolDefinition } from './ports/provider.ts';
import type { Tool } from './ports/tool.ts';

/** The tools of a run as a provider is told of them; worked out once and handed to every request. */
export type ToolDefinitions = readonly ToolDefinition[];

/** Describes tools for a provider, in as few bytes as their JSON Schemas allow. */
export function toolDefinitions(
  tools: readonly Pick<Tool, 'name' | 'description' | 'input' | 'schema'>[],
): ToolDefinitions {
  return tools.map(({ name, description, input, schema }) => ({
    name,
    description,
    input: trimmed(
      schema ?? z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }),
    ) as ToolDefinition['input'],
  }));
}

/** A JSON Schema without what tells a model nothing; the names of properties are no keywords. */
function trimmed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(trimmed);
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = Object.entries(schema).filter(([key, value]) => !isNoise(key, value));
  return Object.fromEntries(kept.map(([key, value]) => [key, trimmedUnder(key, value)]));
}

function trimmedUnder(key: string, value: unknown): unknown {
  if (verbatim.has(key)) return value;
  if (key !== 'properties' || value === null || typeof value !== 'object') return trimmed(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, trimmed(one)]));
}

/** Keywords whose value is data, not a schema. */
const verbatim: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'examples', 'required']);

function isNoise(key: string, value: unknown): boolean {
  return (
    key === '$schema' ||
    (key === 'additionalProperties' && value === false) ||
    (key === 'propertyNames' && JSON.stringify(value) === '{"type":"string"}') ||
    (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) ||
    (key === 'minimum' && value === Number.MIN_SAFE_INTEGER)
  );
}
