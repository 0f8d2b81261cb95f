import { listServers } from '../core/mcp/states.ts';
import type { Finding } from '../protocol/editor.ts';
import type { McpState } from '../protocol/mcp.ts';
import type { Butler } from './compose.ts';

/** What there is to say of the MCP servers; nothing is started for it. */
export async function mcpFindings(butler: Butler): Promise<Finding[]> {
  const { servers, problems } = await listServers(butler, false);
  const faults = problems.map(({ file, line, message }): Finding => {
    const mend = 'Mend the file; until then none of its servers counts.';
    return { subject: 'MCP servers', state: 'wrong', what: `${file}:${line} ${message}`, mend };
  });
  return [...servers.map(findingOf), ...faults];
}

function findingOf({ server: { name }, state, failure, tools }: McpState): Finding {
  const subject = `MCP server ${name}`;
  if (failure) return { subject, state: 'wrong', what: failure.what, mend: failure.mend };
  const look = `Look at it: "Butler: MCP Servers", or butler mcp approve ${name}`;
  if (state === 'unapproved') {
    return { subject, state: 'note', what: 'waits for your approval; nothing of it was started', mend: look };
  }
  const waiting = tools.filter((tool) => tool.state !== 'pinned').length;
  if (waiting === 0) return { subject, state: 'ok', what: state };
  return { subject, state: 'note', what: `${waiting} tools wait for your approval`, mend: look };
}
