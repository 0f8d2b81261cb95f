import { revealed } from '../../protocol/reveal.ts';
import { canonical } from '../canonical.ts';
import type { McpDefinition } from '../ports/mcp.ts';

/** The longest description that a model is told, in characters, of a tool and of each part of its input. */
const longestDescription = 1_000;
const longestPart = 300;

/** The one text of a definition whose digest a pin holds: all that a model is told, and what the tool says of itself. */
export function definitionText(definition: McpDefinition): string {
  const { name, title, description, inputSchema, outputSchema, annotations } = definition;
  return canonical({ name, title, description, inputSchema, outputSchema, annotations });
}

/** The same for people: over several lines, with everything that an eye would miss spelled out. */
export function shownDefinition(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2).split('\n').map(revealed).join('\n');
}

/** What a model is told of a tool: whose words these are, nothing hidden, and not too much. */
export function toldDescription(server: string, { description }: McpDefinition): string {
  return `[MCP server ${server}] ${bounded(description, longestDescription)}`;
}

/** The schema of a tool's input as a model is told of it: its words revealed and bounded, the rest as it is. */
export function toldSchema(schema: Record<string, unknown>): Record<string, unknown> {
  return told(schema) as Record<string, unknown>;
}

function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) =>
      (key === 'description' || key === 'title') && typeof part === 'string'
        ? [key, bounded(part, longestPart)]
        : [key, told(part)],
    ),
  );
}

function bounded(text: string, longest: number): string {
  const shown = revealed(text.slice(0, longest));
  return text.length > longest ? `${shown}…` : shown;
}
