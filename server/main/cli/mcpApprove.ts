import { canonical } from '../../core/canonical.ts';
import { differenceOf } from '../../core/mcp/difference.ts';
import * as core from '../../core/mcp/servers.ts';
import { listServers } from '../../core/mcp/states.ts';
import { failures } from '../../protocol/failure.ts';
import type { McpPin, McpState } from '../../protocol/mcp.ts';
import type { Butler } from '../compose.ts';
import { passOverEarlyKeys } from './earlyKeys.ts';
import { exitCodes } from './exitCodes.ts';
import { rowOf } from './mcp.ts';
import { actor, printJson, printLine, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

type Options = CommonOptions & { readonly of?: string; readonly exactly?: string };

/**
 * Shows what a server runs or calls, or which of its tools changed, and approves exactly that: after a question, or
 * where its digest was given; without a terminal it says the digest, and approves nothing.
 */
export function approve(options: Options, name: string): Promise<number> {
  return withButler(options, async (butler) => {
    for (;;) {
      const state = await find(butler, options, name);
      if (!state) return tellFailure(options, failures.notFound('MCP server', name));
      const proposal = proposalOf(state);
      if (!proposal) return ended(options, state, 'Nothing is left to approve');
      const digest = butler.clock.digest(canonical(proposal.pin)).slice(0, 16);
      const answer = await ask(options, proposal.lines, digest);
      if (answer !== 'yes') return answer === 'no' ? exitCodes.done : exitCodes.failed;
      const { workspace } = state;
      const request = { name, pin: proposal.pin, ...(workspace === undefined ? {} : { workspace }) };
      const approved = await core.approve(butler, request, actor);
      if (!approved.ok) return tellFailure(options, approved.failure);
      if (options.exactly !== undefined) return ended(options, approved.value, 'Approved');
    }
  });
}

/** What there is to approve of a server, and how it is shown. */
function proposalOf(state: McpState): { pin: McpPin; lines: string[] } | null {
  const { transport, approved } = state;
  if (state.state === 'unapproved') {
    const lines = ['What it runs or calls:', ...shownDifference(approved, state.now)];
    return { pin: { transport, tools: {} }, lines };
  }
  const tools = state.tools.filter((tool) => tool.state !== 'pinned' && isApprovable(state, tool.name));
  if (tools.length === 0) return null;
  return {
    pin: { transport, tools: Object.fromEntries(tools.map(({ name, digest }) => [name, digest])) },
    lines: tools.flatMap(({ name, state: stands, approved: before, definition }) => [
      `Tool ${name} (${stands}):`,
      ...shownDifference(before, definition),
    ]),
  };
}

/** A name that hides something is shown spelled out, and is nobody's to approve. */
function isApprovable({ tools }: McpState, name: string): boolean {
  return !name.includes('\\') && tools.filter((tool) => tool.name === name).length === 1;
}

function shownDifference(before: string | null, after: string): string[] {
  if (before === null) return after.split('\n').map((line) => `  ${line}`);
  return differenceOf(before, after).map(({ sign, line }) => `${sign} ${line}`);
}

async function ask(
  options: Options,
  lines: readonly string[],
  digest: string,
): Promise<'yes' | 'no' | 'unasked'> {
  if (options.exactly !== undefined) {
    if (options.exactly === digest) return 'yes';
    tellFailure(
      options,
      failures.conflict('It is no longer what was shown.', 'Look at it again: leave out --exactly.'),
    );
    return 'unasked';
  }
  if (options.json) printJson({ shown: lines, exactly: digest });
  else for (const line of lines) printLine(line);
  if (options.json || !process.stdin.isTTY || !process.stdout.isTTY) {
    if (!options.json) printLine(`Approve exactly this with: --exactly ${digest}`);
    return 'unasked';
  }
  await passOverEarlyKeys();
  const { confirm } = await import('@clack/prompts');
  return (await confirm({ message: 'Approve exactly this?', initialValue: false })) === true ? 'yes' : 'no';
}

async function find(butler: Butler, { of }: Options, name: string): Promise<McpState | undefined> {
  const { servers } = await listServers(butler, true);
  const named = servers.filter(({ server }) => server.name === name);
  return of === undefined ? named[0] : named.find(({ workspace }) => workspace === of);
}

function ended(options: Options, state: McpState, words: string): number {
  if (state.failure) return tellFailure(options, state.failure);
  if (options.json) printJson(state);
  else printLine(`${words}: ${rowOf(state).slice(0, 3).join('  ')}`);
  return exitCodes.done;
}
