import type { Kept } from '../../core/ports/store.ts';
import { failures } from '../../protocol/failure.ts';
import type { Apply } from './apply.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

type Projected =
  | 'permission.changed'
  | 'mcp.saved'
  | 'mcp.removed'
  | 'mcp.pinned'
  | 'target.connected'
  | 'target.disconnected';

/** What entries do to the small things that a person settled. */
export function keptProjection(queries: Queries): { [T in Projected]: Apply<T> } {
  const save = queries.prepare({ kind: '', key: '', data: '' }, (args) =>
    sqlite
      .insertInto('kept')
      .values(args)
      .onConflict((row) => row.columns(['kind', 'key']).doUpdateSet({ data: args.data })),
  );
  const drop = queries.prepare({ kind: '', key: '' }, ({ kind, key }) =>
    sqlite.deleteFrom('kept').where('kind', '=', kind).where('key', '=', key),
  );
  const keep = <K extends keyof Kept>(kind: K, key: string, value: Kept[K]): null => {
    save.run({ kind, key, data: JSON.stringify(value) });
    return null;
  };
  return {
    'permission.changed': ({ data: { holder, permission, granted } }) =>
      keep('permission', `${holder} ${permission}`, { granted }),
    'mcp.saved': ({ data: { server } }) => keep('mcpServer', server.name, server),
    'mcp.removed': ({ data: { name } }) => {
      drop.run({ kind: 'mcpPin', key: name });
      return drop.run({ kind: 'mcpServer', key: name }) === 1 ? null : noServer;
    },
    'mcp.pinned': ({ data: { server, pin } }) => keep('mcpPin', server, pin),
    'target.connected': ({ data: { account } }) => keep('targetAccount', account.id, account),
    'target.disconnected': ({ data: { account } }) =>
      drop.run({ kind: 'targetAccount', key: account }) === 1 ? null : noAccount,
  };
}

const noServer = failures.conflict('There is no such MCP server any more.', 'Refresh the list of servers.');
const noAccount = failures.conflict(
  'This account is not connected any more.',
  'Refresh the list of accounts.',
);
