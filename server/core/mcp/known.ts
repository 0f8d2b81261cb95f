import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { McpPin, McpProblem } from '../../protocol/mcp.ts';
import type { McpPlace } from '../ports/mcp.ts';
import { type KnownServer, keyOf, secretNameOf, secretsIn, transportText, withSecrets } from './identity.ts';
import { ownValue } from './ownValue.ts';
import type { McpPorts } from './ports.ts';

/** A server with what a person approved of it, as both stand at this moment. */
export interface Known extends KnownServer {
  readonly key: string;
  /** Digest of the transport. */
  readonly digest: string;
  readonly pin: McpPin | undefined;
  /** Whether exactly this transport was approved and the server is on. */
  readonly isApproved: boolean;
  /** Why it cannot be used whatever a person approves; `null` where it can. */
  readonly fault: Failure | null;
}

/** Every server of the person and of these folders; read anew each time, so that no earlier word counts. */
export async function knownServers(
  ports: McpPorts,
  workspaces: readonly string[],
): Promise<{ servers: Known[]; problems: McpProblem[] }> {
  const [kept, pins, files] = await Promise.all([
    ports.store.kept('mcpServer'),
    ports.store.kept('mcpPin'),
    Promise.all(
      workspaces.map(async (workspace) => ({ workspace, ...(await ports.mcpFiles.read(workspace)) })),
    ),
  ]);
  const own = Object.values(kept).map((server): KnownServer => ({ server, origin: 'user' }));
  const shared = files.flatMap(({ workspace, servers }) =>
    servers.map((server): KnownServer => ({ server, origin: 'workspace', workspace })),
  );
  const servers = [...own, ...shared].map((known): Known => {
    const key = keyOf(known);
    const digest = ports.clock.digest(transportText(known.server.transport));
    const pin = ownValue(pins, key);
    const isTaken = known.origin === 'workspace' && Object.hasOwn(kept, known.server.name);
    const fault = isTaken ? nameTaken(known.server.name) : null;
    const isApproved = known.server.enabled && pin?.transport === digest && fault === null;
    return { ...known, key, digest, pin, isApproved, fault };
  });
  return { servers, problems: files.flatMap(({ problems }) => problems) };
}

/** The server of a name as it stands now; of the person where no folder is named. */
export async function findServer(
  ports: McpPorts,
  name: string,
  workspace: string | undefined,
): Promise<Outcome<Known>> {
  const { servers } = await knownServers(ports, workspace === undefined ? [] : [workspace]);
  const found = servers.find((one) => one.server.name === name && one.workspace === workspace);
  return found ? good(found) : bad(failures.notFound('MCP server', name));
}

/** How a server is reached; its secrets are read only where it is started, and stand nowhere else. */
export function placeOf(ports: Pick<McpPorts, 'secrets'>, known: Known): McpPlace {
  const { key, digest, server } = known;
  return {
    key,
    digest,
    open: async () => {
      const values: Record<string, string> = {};
      for (const name of secretsIn(server.transport)) {
        const value = await ports.secrets.get(secretNameOf(known, name));
        if (value === null) return bad(noSecret(known, name));
        values[name] = value;
      }
      const isPlain = isPlainHttp(known) && Object.keys(values).length > 0;
      return isPlain ? bad(notEncrypted(server.name)) : good(withSecrets(server.transport, values));
    },
  };
}

/** Why a server cannot be asked now: off, not approved, or its name is taken; `null` where it can. */
export function whyNot({ server, isApproved, fault }: Known): Failure | null {
  if (fault) return fault;
  if (!server.enabled) {
    return failures.denied(`The MCP server "${server.name}" is off.`, 'A person can turn it on.');
  }
  return isApproved
    ? null
    : failures.denied(
        `Nobody approved what the MCP server "${server.name}" runs or calls now.`,
        'A person looks at it with "Butler: MCP Servers" or "butler mcp approve".',
      );
}

/** Whether what is sent could be read on its way. */
function isPlainHttp({ server: { transport } }: Known): boolean {
  if (transport.kind !== 'http') return false;
  const { protocol, hostname } = new URL(transport.url);
  const isHere = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  return protocol === 'http:' && !isHere;
}

function nameTaken(name: string): Failure {
  return failures.conflict(
    `You have an MCP server "${name}" of your own, so the one of this workspace is not used.`,
    'Give one of them another name.',
  );
}

function noSecret({ server, workspace }: Known, name: string): Failure {
  const of = workspace === undefined ? '' : ` --of ${JSON.stringify(workspace)}`;
  return {
    kind: 'auth',
    what: `There is no secret "${name}" for the MCP server "${server.name}" where it is now.`,
    mend: `Set it: butler mcp secret ${server.name} ${name}${of}`,
    field: name,
  };
}

function notEncrypted(name: string): Failure {
  return failures.denied(
    `The MCP server "${name}" is reached without encryption, so no secret is sent to it.`,
    'Use an address that begins with https.',
  );
}
