import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ListPromptsResultSchema,
  ListResourcesResultSchema,
  ListToolsResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpDefinition, McpOffer } from '../../core/ports/mcp.ts';

/** The most that a server may offer of each kind, the most pages that it may take for it, and the size of all. */
const most = { tools: 500, resources: 500, prompts: 200, pages: 50, characters: 2_000_000 } as const;

/** The deepest and the longest that the definition of one tool may be. */
const deepest = 40;
const longestDefinition = 64_000;
const longestName = 1_000;

/** Asks a server for all that it offers; throws where it offers more than anybody can look at. */
export async function readOffer(client: Client, options: RequestOptions): Promise<McpOffer> {
  const { tools, resources, prompts } = client.getServerCapabilities() ?? {};
  return {
    tools: tools ? await readTools(client, options) : [],
    hasResources: resources !== undefined,
    resources: resources ? await readResources(client, options).catch(() => []) : [],
    prompts: prompts ? await readPrompts(client, options).catch(() => []) : [],
  };
}

async function readTools(client: Client, options: RequestOptions): Promise<McpDefinition[]> {
  const found = await pages(most.tools, async (params) => {
    const page = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, options);
    return { items: page.tools, next: page.nextCursor };
  });
  for (const { name, ...rest } of found) {
    if (
      name.length > longestName ||
      depthOf(rest) > deepest ||
      JSON.stringify(rest).length > longestDefinition
    ) {
      throw new Error(`the definition of its tool "${name.slice(0, 100)}" is too large`);
    }
  }
  return found.map(({ name, title, description = '', inputSchema, outputSchema, annotations }) => ({
    name,
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema: inputSchema as Record<string, unknown>,
    ...(outputSchema === undefined ? {} : { outputSchema: outputSchema as Record<string, unknown> }),
    ...(annotations === undefined ? {} : { annotations: annotations as Record<string, unknown> }),
  }));
}

async function readResources(client: Client, options: RequestOptions): Promise<McpOffer['resources']> {
  const found = await pages(most.resources, async (params) => {
    const page = await client.request(
      { method: 'resources/list', params },
      ListResourcesResultSchema,
      options,
    );
    return { items: page.resources, next: page.nextCursor };
  });
  return found.map(({ uri, name, description = '' }) => ({
    uri,
    name,
    description: description.slice(0, 500),
  }));
}

async function readPrompts(client: Client, options: RequestOptions): Promise<McpOffer['prompts']> {
  const found = await pages(most.prompts, async (params) => {
    const page = await client.request({ method: 'prompts/list', params }, ListPromptsResultSchema, options);
    return { items: page.prompts, next: page.nextCursor };
  });
  return found.map(({ name, description = '', arguments: given = [] }) => ({
    name,
    description: description.slice(0, 500),
    arguments: given.slice(0, 50).map((one) => ({
      name: one.name,
      description: (one.description ?? '').slice(0, 300),
      required: one.required ?? false,
    })),
  }));
}

/** Reads a list page by page; one without end, or that goes in circles, is an error. */
async function pages<T>(
  mostItems: number,
  read: (params: { cursor?: string }) => Promise<{ items: T[]; next: string | undefined }>,
): Promise<T[]> {
  const found: T[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  let size = 0;
  do {
    const page = await read(cursor === undefined ? {} : { cursor });
    found.push(...page.items.slice(0, mostItems + 1));
    size += JSON.stringify(page.items).length;
    cursor = page.next;
    const isCircle = cursor !== undefined && seen.has(cursor);
    if (isCircle || seen.size >= most.pages || found.length > mostItems || size > most.characters) {
      throw new Error('its list of what it offers has no end in sight');
    }
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
  return found;
}

/** How deep a JSON value is, found without going deep. */
function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  for (let depth = 0; ; depth++) {
    const next = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
    if (next.length === 0 || depth > deepest) return depth;
    level = next;
  }
}
