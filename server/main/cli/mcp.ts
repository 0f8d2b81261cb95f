import { text as textOf } from 'node:stream/consumers';
import * as core from '../../core/mcp/servers.ts';
import { listServers } from '../../core/mcp/states.ts';
import { bad, failures, fromIssues, good, type Outcome } from '../../protocol/failure.ts';
import { McpServer, type McpState } from '../../protocol/mcp.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTable, printTrouble, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

interface AddOptions extends CommonOptions {
  readonly url?: string;
  readonly header?: readonly string[];
  readonly env?: readonly string[];
  readonly off?: boolean;
}

/** Lists the servers, how each stands, and what is wrong in the files of workspaces. */
export function list(options: CommonOptions & { connect?: boolean }): Promise<number> {
  return withButler(options, async (butler) => {
    const { servers, problems } = await listServers(butler, options.connect ?? false);
    if (options.json) for (const state of servers) printJson(state);
    else if (servers.length === 0)
      printLine('No MCP servers yet. Add one: butler mcp add <name> -- <command>');
    else printTable(servers.map(rowOf));
    for (const { file, line, message } of problems) printTrouble(`${file}:${line} ${message}`);
    return problems.length > 0 ? exitCodes.failed : exitCodes.done;
  });
}

/** Adds a server of the person, or changes one; typing it is approving it. */
export function add(options: AddOptions, [name = '', ...command]: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const server = serverOf(options, name, command);
    if (!server.ok) return tellFailure(options, server.failure);
    const saved = await core.saveServer(butler, server.value, actor);
    if (!saved.ok) return tellFailure(options, saved.failure);
    if (options.json) printJson(saved.value);
    else printLine(`Added. Look at what it offers: butler mcp test ${name}`);
    return exitCodes.done;
  });
}

/** Keeps a secret of a server; its value is never an argument. */
export function secret(
  options: CommonOptions & { of?: string; stdin?: boolean },
  [server = '', name = '']: readonly string[],
): Promise<number> {
  return withButler(options, async (butler) => {
    const value = await typed(options.stdin ?? false, name);
    if (value === null) return exitCodes.failed;
    const workspace = options.of === undefined ? {} : { workspace: options.of };
    const kept = await core.setServerSecret(butler, { server, name, value, ...workspace }, actor);
    if (!kept.ok) return tellFailure(options, kept.failure);
    if (options.json) printJson(kept.value);
    else printLine(`Kept. ${kept.value.where}`);
    return exitCodes.done;
  });
}

/** Starts a server and lists what it offers. */
export function test(options: CommonOptions, name: string): Promise<number> {
  return withButler(options, async (butler) => {
    butler.mcpHost.forgive(name);
    const { servers } = await listServers(butler, true);
    const state = servers.find(({ server }) => server.name === name);
    if (!state) return tellFailure(options, failures.notFound('MCP server', name));
    if (state.failure) return tellFailure(options, state.failure);
    if (options.json) printJson(state);
    else {
      printLine(rowOf(state).join('  '));
      printTable(
        state.tools.map(({ called, state: stands, description }) => [called, stands, first(description)]),
      );
      for (const { uri, name: called } of state.resources) printLine(`resource  ${uri}  ${called}`);
      for (const { name: called, description } of state.prompts)
        printLine(`prompt  ${called}  ${first(description)}`);
    }
    return state.state === 'ready' ? exitCodes.done : exitCodes.failed;
  });
}

/** Prints one of a server's prompts, as text to hand over. */
export function prompt(
  options: CommonOptions & { of?: string; arg?: readonly string[] },
  [server = '', name = '']: readonly string[],
): Promise<number> {
  return withButler(options, async (butler) => {
    const given = pairsOf(options.arg ?? [], '=', 'arg');
    if (!given.ok) return tellFailure(options, given.failure);
    const workspace = options.of === undefined ? {} : { workspace: options.of };
    const asked = { server, prompt: name, arguments: given.value, ...workspace };
    const read = await core.readPrompt(butler, asked);
    if (!read.ok) return tellFailure(options, read.failure);
    if (options.json) printJson(read.value);
    else printLine(read.value.text);
    return exitCodes.done;
  });
}

/** Removes a server with its secrets. */
export function remove(options: CommonOptions, name: string): Promise<number> {
  return withButler(options, async (butler) => {
    const removed = await core.removeServer(butler, name, actor);
    if (!removed.ok) return tellFailure(options, removed.failure);
    if (options.json) printJson({ removed: name });
    else printLine(`Removed ${name}, its secrets included.`);
    return exitCodes.done;
  });
}

/** A server as a row of a table. */
export function rowOf({ server: { name, transport }, state, workspace, failure }: McpState): string[] {
  const what = transport.kind === 'http' ? transport.url : [transport.command, ...transport.args].join(' ');
  const next =
    state === 'unapproved' ? `look and approve: butler mcp approve ${name}` : (failure?.what ?? '');
  return [name, state, workspace === undefined ? 'yours' : `of ${workspace}`, what, next];
}

function serverOf(options: AddOptions, name: string, command: readonly string[]): Outcome<McpServer> {
  const { url, header = [], env = [], off = false } = options;
  if ((url === undefined) === (command.length === 0)) {
    const what = 'A server is either a program or an address.';
    return bad(failures.invalid('command', what, 'Give --url, or the program after "--".'));
  }
  const pairs = url === undefined ? pairsOf(env, '=', 'env') : pairsOf(header, ':', 'header');
  if (!pairs.ok) return pairs;
  const [program = '', ...args] = command;
  const transport =
    url === undefined
      ? { kind: 'stdio', command: program, args, env: pairs.value }
      : { kind: 'http', url, headers: pairs.value };
  const parsed = McpServer.safeParse({ name, enabled: !off, transport });
  return parsed.success ? good(parsed.data) : bad(fromIssues(parsed.error));
}

function pairsOf(lines: readonly string[], between: string, field: string): Outcome<Record<string, string>> {
  const pairs: [string, string][] = [];
  for (const line of lines) {
    const at = line.indexOf(between);
    if (at < 1)
      return bad(failures.invalid(field, `"${line}" is no pair.`, `Write it as name${between}value.`));
    pairs.push([line.slice(0, at).trim(), line.slice(at + between.length).trim()]);
  }
  return good(Object.fromEntries(pairs));
}

async function typed(fromInput: boolean, name: string): Promise<string | null> {
  if (fromInput || !process.stdin.isTTY) return (await textOf(process.stdin)).trim();
  const { isCancel, password } = await import('@clack/prompts');
  const value = await password({ message: `${name} (nothing takes it out, Esc leaves it)` });
  return isCancel(value) ? null : (value ?? '');
}

function first(text: string): string {
  return text.split('\n')[0]?.slice(0, 100) ?? '';
}
