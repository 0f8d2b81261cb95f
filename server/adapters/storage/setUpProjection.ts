import { failures } from '../../protocol/failure.ts';
import type { Apply } from './apply.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

type Projected = 'provider.saved' | 'provider.removed' | 'settings.saved' | 'connection.changed';

/** What entries do to what a person set up for all Abilities, and to what is known of the providers. */
export function setUpProjection(queries: Queries): { [T in Projected]: Apply<T> } {
  const statements = statementsOf(queries);
  return {
    'provider.saved': ({ seq, data: { config } }) => {
      statements.saveProvider.run({ seq, id: config.name, data: JSON.stringify(config) });
      return null;
    },
    'provider.removed': ({ data }) =>
      statements.removeProvider.run({ id: data.provider }) === 1 ? null : noProvider,
    'settings.saved': ({ data }) => {
      statements.saveSettings.run({ data: JSON.stringify(data.settings) });
      return null;
    },
    'connection.changed': ({ seq, data: { provider, connection } }) => {
      statements.connect.run({ seq, id: provider, data: JSON.stringify(connection) });
      return null;
    },
  };
}

const noProvider = failures.conflict(
  'Nothing is set up of this provider any more.',
  'Refresh the list of providers.',
);

function statementsOf(queries: Queries) {
  const named = { seq: 0, id: '', data: '' };
  return {
    saveProvider: queries.prepare(named, (args) =>
      sqlite
        .insertInto('providers')
        .values(args)
        .onConflict((row) => row.column('id').doUpdateSet({ data: args.data })),
    ),
    removeProvider: queries.prepare({ id: '' }, ({ id }) =>
      sqlite.deleteFrom('providers').where('id', '=', id),
    ),
    saveSettings: queries.prepare({ data: '' }, ({ data }) =>
      sqlite
        .insertInto('settings')
        .values({ id: 1, data })
        .onConflict((row) => row.column('id').doUpdateSet({ data })),
    ),
    connect: queries.prepare(named, (args) =>
      sqlite
        .insertInto('connections')
        .values(args)
        .onConflict((row) => row.column('id').doUpdateSet({ data: args.data })),
    ),
  };
}
