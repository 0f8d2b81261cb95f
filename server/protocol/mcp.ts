import * as z from 'zod';
import { Failure } from './failure.ts';
import { Digest, Id, Nothing, notification, request } from './message.ts';

/** How a server is reached. A value `${secret:NAME}` is taken from the secrets, never written down. */
export const McpTransport = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stdio'),
    command: z.string().min(1, 'must not be empty').max(1000),
    args: z.array(z.string().max(4000)).max(100).default([]),
    env: z.record(z.string().max(200), z.string().max(4000)).default({}),
  }),
  z.strictObject({
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string().max(200), z.string().max(4000)).default({}),
  }),
]);
export type McpTransport = z.infer<typeof McpTransport>;

/** The name of a server; its tools are called `mcp__<server>__<tool>`, so it holds no two `_` together. */
export const McpName = Id.max(32).regex(
  /^[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*$/,
  'must not begin or end with _, nor hold two of them together',
);

/** A server of tools that somebody else wrote, as a person set it up. */
export const McpServer = z.strictObject({
  name: McpName,
  transport: McpTransport,
  enabled: z.boolean().default(true),
});
export type McpServer = z.infer<typeof McpServer>;

/** The file that a team commits: `.butler/mcp.json`; each server in it is asked for before anything of it runs. */
export const McpFile = z.strictObject({
  $schema: z.string().optional(),
  servers: z.array(McpServer).max(50),
});
export type McpFile = z.infer<typeof McpFile>;

/** What a person approved of a server: what is run or called, and what each tool says that it is (SECURITY S8). */
export const McpPin = z.strictObject({
  /** Digest of the transport. */
  transport: Digest,
  /** Digest of each tool's definition by its name. */
  tools: z.record(z.string(), Digest),
  /** Whether it had resources to read when its tools were pinned. */
  resources: z.boolean().optional(),
});
export type McpPin = z.infer<typeof McpPin>;

/** A tool of a server and how it stands to its pin. */
export const McpTool = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** What a model calls it: `mcp__github__search`. */
  called: z.string(),
  /** `shadowed`: its name is another tool's, or hides something; only a `pinned` one can be called. */
  state: z.enum(['pinned', 'new', 'changed', 'shadowed']),
  /** Digest of the definition, as a pin names it. */
  digest: Digest,
  /** The definition as it is now, as JSON text for people. */
  definition: z.string(),
  /** As it was when it was approved; `null` where that was never. */
  approved: z.string().nullable(),
});
export type McpTool = z.infer<typeof McpTool>;

/** A fault in a workspace's file of servers, at a line that an editor can show. */
export const McpProblem = z.strictObject({
  file: z.string(),
  line: z.int().positive(),
  message: z.string(),
});
export type McpProblem = z.infer<typeof McpProblem>;

/** A server and how it stands. */
export const McpState = z.strictObject({
  server: McpServer,
  origin: z.enum(['user', 'workspace']),
  /** The folder whose `.butler/mcp.json` names it. */
  workspace: z.string().optional(),
  /** Digest of the transport as it is now, as a pin names it. */
  transport: Digest,
  /** The transport as it is now, as JSON text for people. */
  now: z.string(),
  /** The transport as it was approved, as JSON text for people; `null` where that was never. */
  approved: z.string().nullable(),
  /** `unapproved`: nobody approved what it runs or calls, or that changed since; nothing of it was started. */
  state: z.enum(['off', 'unapproved', 'idle', 'starting', 'ready', 'failed']),
  failure: Failure.nullable(),
  tools: z.array(McpTool),
  resources: z.array(z.strictObject({ uri: z.string(), name: z.string(), description: z.string() })),
  prompts: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      arguments: z.array(
        z.strictObject({ name: z.string(), description: z.string(), required: z.boolean() }),
      ),
    }),
  ),
});
export type McpState = z.infer<typeof McpState>;

export const listMcp = request('butler/mcp/list', {
  from: 'client',
  page: true,
  does: 'Lists the MCP servers of the person and of the workspace folders; with `connect` those approved are started.',
  params: z.strictObject({ connect: z.boolean().default(false) }),
  result: z.strictObject({ servers: z.array(McpState), problems: z.array(McpProblem) }),
});

export const saveMcp = request('butler/mcp/save', {
  from: 'client',
  page: false,
  does: 'Adds or changes an MCP server of the person, who approves by that what it runs or calls.',
  params: z.strictObject({ server: McpServer }),
  result: McpState,
});

export const removeMcp = request('butler/mcp/remove', {
  from: 'client',
  page: false,
  does: 'Removes an MCP server of the person, and ends it.',
  params: z.strictObject({ name: Id }),
  result: Nothing,
});

export const approveMcp = request('butler/mcp/approve', {
  from: 'client',
  page: false,
  does: 'Approves what a server runs or calls, or the definitions of its tools, exactly as they were shown.',
  params: z.strictObject({
    name: Id,
    workspace: z.string().optional(),
    /** What was shown: the transport as it is to be, and the tools by name with their definitions' digests. */
    pin: McpPin,
  }),
  result: McpState,
});

export const setMcpSecret = request('butler/mcp/secret', {
  from: 'client',
  page: false,
  does: "Keeps a secret that a server's set-up names, for that server where it is now; an empty value takes it out.",
  params: z.strictObject({
    server: Id,
    workspace: z.string().optional(),
    name: Id,
    value: z.string().max(20_000),
  }),
  result: z.strictObject({ where: z.string() }),
});

export const readMcpPrompt = request('butler/mcp/prompt', {
  from: 'client',
  page: true,
  does: 'Asks a server for one of its prompts, as text to hand over.',
  params: z.strictObject({
    server: Id,
    workspace: z.string().optional(),
    prompt: z.string(),
    arguments: z.record(z.string(), z.string()).default({}),
  }),
  result: z.strictObject({ text: z.string() }),
});

export const mcpChanged = notification('butler/mcp/changed', {
  from: 'worker',
  page: true,
  does: 'A server, its state or its tools changed; list them again.',
  params: Nothing,
});

export const mcpMessages = [listMcp, saveMcp, removeMcp, approveMcp, setMcpSecret, readMcpPrompt, mcpChanged];
