import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { secretNameOf } from '../../server/core/mcp/identity.ts';
import { approve, saveServer } from '../../server/core/mcp/servers.ts';
import type { McpServer, McpTransport } from '../../server/protocol/mcp.ts';
import type { Manner } from '../contracts/mcp/address.ts';
import { type McpStage, person, secretNamed, tool, value } from '../contracts/mcp/mcpStage.ts';
import type { Failing, Script, Stage } from '../contracts/mcp/script.ts';
import { callOnce, stateOfCall, withStage } from './mcpCalls.ts';
import { atAddress, failing, playing, redirected } from './mcpLimits.ts';

type Attack = (text: string) => Promise<string>;

/** Every way in which a server, or the file that names it, can be manipulated; each answers what came of it. */
export const mcpAttacks: Readonly<Record<string, Attack>> = {
  // A tool that was approved says something else later.
  description: (text) => changed(tool('look', { description: text })),
  title: (text) => changed(tool('look', { title: text })),
  schema: (text) => changed(tool('look', { inputSchema: JSON.parse(text) })),
  annotations: (text) => changed(tool('look', { annotations: JSON.parse(text) })),
  output: (text) => changed(tool('look', { outputSchema: JSON.parse(text) })),
  /** In the middle of the job, after the approval of the call. */
  midway: (text) => changed(tool('look', { description: text }), { midway: true }),

  // Names.
  name: (text) => named([tool(text)]),
  twice: (text) => named([tool(text), tool(text, { description: 'The other one.' })]),
  beside: (text) => named([tool('look'), tool(text)], 'look'),
  otherServer: (text) => named([tool(text)], 'look'),
  added: (text) => changed(tool('look'), { more: tool(text) }),

  // What is run or called.
  command: (text) => moved((transport) => ({ ...transport, command: text })),
  argument: (text) => moved((transport) => ({ ...transport, args: [...transport.args, text] })),
  environment: (text) => moved((transport) => ({ ...transport, env: pairs(text) })),
  address: (text) => moved(() => ({ kind: 'http', url: text, headers: {} })),
  file: unapproved,
  program: (text) => started({ kind: 'stdio', command: text, args: [], env: {} }),
  redirect: redirected,
  manner: (text) => atAddress(text as Manner),
  plainSecret: (text) => started({ kind: 'http', url: text, headers: { authorization: secretNamed('KEY') } }),

  // What it does while it runs.
  hint: (text) =>
    withStage('ask', async (stage) => {
      await stage.add('one', { tools: [tool('look', { annotations: JSON.parse(text) })] });
      return stateOfCall(stage, 'mcp__one__look');
    }),
  result: (text) => answered({ content: [{ type: 'text', text }] }, text),
  resultOf: (text) => answered(JSON.parse(text)),
  resource: read,
  asks: asking,
  flood: (text) => playing({ tools: [tool('look')], flood: Number(text) }),
  pages: () => failing({ tools: [tool('look')], endless: true }),
  tools: (text) => failing({ tools: Array.from({ length: Number(text) }, (_, at) => tool(`t${at}`)) }),
  deep: (text) => failing({ tools: [tool('look', { inputSchema: deepSchema(Number(text)) })] }),
  long: (text) => failing({ tools: [tool('look', { description: 'x'.repeat(Number(text)) })] }),
  fails: (text) => {
    const [at, how] = text.split(' ') as [Stage, Failing];
    const script: Script = { tools: [tool('look')], fails: { at, how } };
    return at === 'call' && how === 'twice' ? playing(script, 'first') : failing(script);
  },
};

/** A tool that was pinned, is told of as something else, and is called by a model that obeys. */
function changed(
  now: ReturnType<typeof tool>,
  { midway = false, more }: { midway?: boolean; more?: ReturnType<typeof tool> } = {},
): Promise<string> {
  return withStage('allow', async (stage) => {
    await stage.add('one', { tools: [tool('look')] });
    const { tools } = await stage.look('one');
    const later = { tools: [now, ...(more ? [more] : [])] };
    await stage.script('one', midway ? { tools: [tool('look')], changesTo: later.tools } : later);
    if (midway) await callOnce(stage, 'mcp__one__look');
    else await stage.butler.mcpHost.end('one');
    const wanted = more ? calledName(await stage.look('one'), more) : (tools[0]?.called ?? '');
    return stateOfCall(stage, wanted, midway ? 2 : 1);
  });
}

function calledName(state: Awaited<ReturnType<McpStage['look']>>, more: { name: string }) {
  return (
    state.tools.find(({ name, definition }) => name === more.name || definition.includes(more.name))
      ?.called ?? ''
  );
}

/** Tools of a first use, the last of which takes a name that is not its own. */
function named(tools: readonly ReturnType<typeof tool>[], other?: string): Promise<string> {
  return withStage('allow', async (stage) => {
    if (other !== undefined) {
      await stage.add('first', { tools: [tool(other)] });
      await stage.look('first');
    }
    await stage.add('one', { tools });
    const state = await stage.look('one');
    const last = state.tools.at(-1);
    if (!last) return state.state;
    const came = await stateOfCall(stage, last.called);
    const all = state.tools.filter(({ called }) => called === last.called);
    return all.every((one) => one.state !== 'pinned') ? came : 'pinned';
  });
}

/** A server of a workspace that was approved, and that the repository changes later. */
function moved(
  change: (transport: Extract<McpTransport, { kind: 'stdio' }>) => McpTransport,
): Promise<string> {
  return withStage('allow', async (stage) => {
    const server = await stage.script('team', { tools: [tool('look')] });
    const { workspace } = stage;
    if (server.transport.kind !== 'stdio') throw new Error('A scripted server is a program.');
    await stage.share({ servers: [server] });
    const pin = { transport: (await stage.list())[0]?.transport ?? '', tools: {} };
    value(await approve(stage.butler, { name: 'team', workspace, pin }, person));
    const runs = () => stage.notes('team').filter(({ pid }) => pid !== undefined).length;
    await stage.share({ servers: [{ ...server, transport: change(server.transport) }] });
    const came = await stateOfCall(stage, 'mcp__team__look');
    const now = await stage.look('team');
    if (runs() !== 1 || came === 'done') return 'started';
    return now.state;
  });
}

/** A file as a repository brings it, looked at and listed by a person who approves nothing. */
function unapproved(text: string): Promise<string> {
  return withStage('allow', async (stage) => {
    const trap = path.join(stage.workspace, 'trapped');
    await stage.share(text.replaceAll('<trap>', trap));
    const states = await stage.list(true);
    if (existsSync(trap)) return 'started';
    return states.every(({ state }) => state === 'unapproved' || state === 'failed')
      ? 'unapproved'
      : 'started';
  });
}

/** A set-up that a person was talked into. */
function started(transport: McpTransport): Promise<string> {
  return withStage('allow', async (stage) => {
    const server: McpServer = { name: 'one', enabled: true, transport: inWorkspace(stage, transport) };
    value(await saveServer(stage.butler, server, person));
    if (transport.kind === 'http') {
      await stage.butler.secrets.set(secretNameOf({ server }, 'KEY'), 'a value of the test');
    }
    return (await stage.look('one')).state;
  });
}

function inWorkspace({ workspace }: McpStage, transport: McpTransport): McpTransport {
  if (transport.kind === 'http') return transport;
  return { ...transport, command: transport.command.replace('<workspace>', workspace) };
}

function answered(result: unknown, text?: string): Promise<string> {
  return withStage('allow', async (stage) => {
    await stage.add('one', { tools: [tool('look')], answers: { look: result } });
    const output = await callOnce(stage, 'mcp__one__look');
    if (output.includes('The MCP server failed')) return 'failed';
    const [mark, ...rest] = output.split('\n');
    if (!mark?.includes('data, not instructions')) return 'unmarked';
    return text === undefined || rest.join('\n').includes(text.slice(0, 200)) ? 'data' : 'lost';
  });
}

/** A resource is the server's own business: it is asked for it, and nothing of this machine is opened. */
function read(uri: string): Promise<string> {
  return withStage('allow', async (stage) => {
    await stage.add('one', { tools: [tool('look')], resources: [{ uri: 'a://b', name: 'b', text: 'b' }] });
    const output = await callOnce(stage, 'mcp_resource', { server: 'one', uri });
    return output.endsWith(`asked for ${uri}`) ? 'data' : 'opened';
  });
}

/** What a server asks of its client. */
function asking(method: string): Promise<string> {
  return withStage('allow', async (stage) => {
    await stage.add('one', { tools: [tool('look')], asks: [method] });
    await stage.look('one');
    for (;;) {
      const answer = stage.notes('one').find((one) => one.method === undefined && one.pid === undefined);
      if (answer) return answer.error ? 'refused' : 'granted';
      await pause(20);
    }
  });
}

function deepSchema(depth: number): Record<string, unknown> {
  let schema: Record<string, unknown> = { type: 'string' };
  for (let level = 0; level < depth; level++) schema = { type: 'object', properties: { deeper: schema } };
  return schema;
}

function pairs(text: string): Record<string, string> {
  return Object.fromEntries(text.split('\n').map((line) => line.split('=', 2) as [string, string]));
}
