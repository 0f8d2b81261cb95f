import type { McpServer, McpTransport } from '../../protocol/mcp.ts';
import type { Need } from '../../protocol/permission.ts';
import { canonical } from '../canonical.ts';

/** A server that somebody set up: the person, or a workspace folder's file. */
export interface KnownServer {
  readonly server: McpServer;
  readonly origin: 'user' | 'workspace';
  /** Absolute real path of the folder whose file names it. */
  readonly workspace?: string;
}

/** What a server is told apart by, in the store and in a worker; no name holds a blank. */
export function keyOf({ server, workspace }: Pick<KnownServer, 'server' | 'workspace'>): string {
  return workspace === undefined ? server.name : `${server.name} ${workspace}`;
}

/** Under what a server stands among the holders of permissions. */
export function holderOf(known: KnownServer, digest: (text: string) => string): string {
  const { server, workspace } = known;
  const place = workspace === undefined ? '' : `@${digest(workspace).slice(0, 8)}`;
  return `mcp:${server.name}${place}`;
}

/** What a server needs, with the reason for a person. */
export function needsOf({ name, transport }: McpServer): Need[] {
  if (transport.kind === 'http') {
    const { host } = new URL(transport.url);
    return [
      {
        permission: 'network',
        reason: `The MCP server "${name}" is at ${host}, and is sent what it is asked.`,
      },
    ];
  }
  const reason = `The MCP server "${name}" is a program on this machine, which no sandbox holds.`;
  return [{ permission: 'run', reason }];
}

/** The one text of a transport whose digest a pin holds; secrets stand in it by name only. */
export function transportText(transport: McpTransport): string {
  return canonical(transport);
}

const secret = /\$\{secret:([A-Za-z0-9_-]{1,64})\}/g;

/** The names of the secrets that a transport wants. */
export function secretsIn(transport: McpTransport): string[] {
  const values = Object.values(transport.kind === 'http' ? transport.headers : transport.env);
  return [...new Set(values.flatMap((value) => [...value.matchAll(secret)].map((match) => match[1] ?? '')))];
}

/**
 * The name under which a secret of a server is kept. Where it goes is part of it: a server that was moved to
 * another address or program finds none for the new place.
 */
export function secretNameOf(known: Pick<KnownServer, 'server' | 'workspace'>, name: string): string {
  const { transport } = known.server;
  const place = transport.kind === 'http' ? new URL(transport.url).origin : transport.command;
  return `mcp.${keyOf(known)}.${name}@${place}`;
}

/** A transport with the values of its secrets; none in an argument, which every program of the machine can read. */
export function withSecrets(transport: McpTransport, values: Readonly<Record<string, string>>): McpTransport {
  const fill = (text: string) => text.replaceAll(secret, (_whole, name: string) => values[name] ?? '');
  const filled = (record: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fill(value)]));
  return transport.kind === 'http'
    ? { ...transport, headers: filled(transport.headers) }
    : { ...transport, env: filled(transport.env) };
}
