import type { HolderFacts } from '../permissions.ts';
import { holderOf, needsOf } from './identity.ts';
import { knownServers } from './known.ts';
import type { McpPorts } from './ports.ts';

/** Every server of the person and of the workspace folders as a holder of permissions (SPEC C7). */
export async function mcpHolders(ports: McpPorts): Promise<HolderFacts[]> {
  const { servers } = await knownServers(ports, ports.workspaces());
  return servers.map((known) => {
    const { server, workspace } = known;
    const { transport } = server;
    const what = transport.kind === 'http' ? transport.url : [transport.command, ...transport.args].join(' ');
    return {
      id: holderOf(known, ports.clock.digest),
      title: `MCP: ${server.name}`,
      about: workspace === undefined ? what : `${what} (${workspace})`,
      needs: needsOf(server),
    };
  });
}
