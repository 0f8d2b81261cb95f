import assert from 'node:assert/strict';
import { type Connections, openConnections } from '../../../server/core/connections.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import type { Connection } from '../../../server/protocol/connection.ts';
import { failures } from '../../../server/protocol/failure.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { scripted } from './crew.ts';

describe('the connection of a provider', () => {
  let stage: Stage;
  let open: Connections[] = [];
  beforeEach(async () => {
    stage = await setStage({ serve: false });
    open = [];
  });
  afterEach(async () => {
    for (const one of open) one.close();
    await stage.close();
  });

  const model: Provider = { ...scripted().provider, name: 'model', kind: 'anthropic' };
  const connect = async () => {
    const connections = await openConnections(stage.butler);
    open.push(connections);
    return connections;
  };
  const noted = async (): Promise<Connection[]> => {
    const filter = { types: ['connection.changed' as const] };
    const { entries } = await stage.butler.store.entries({ filter, after: 0, limit: 100 });
    return entries.flatMap((entry) => (entry.type === 'connection.changed' ? entry.data.connection : []));
  };
  const states = async () => (await noted()).map(({ state }) => state);

  it('is noted when it changes and not when it stays, whoever notes it', async () => {
    const [one, other] = [await connect(), await connect()];
    await one.answered(model);
    await other.answered(model);
    await one.failed(model, failures.offline('It is gone.'));
    await other.failed(model, failures.offline('It is gone.'));
    await other.answered(model);
    await one.answered(model);
    assert.deepEqual(await states(), ['online', 'offline', 'online']);
    assert.deepEqual(await stage.butler.store.connections(), await one.read());
  });

  it('says nothing where the service was reached and said no', async () => {
    const one = await connect();
    await one.failed(model, failures.refused('Model'));
    await one.failed(model, failures.tooLong('Model'));
    await one.failed(model, failures.notFound('model', 'x'));
    assert.deepEqual(await states(), []);
  });

  it('is limited until the time that the service names, and a later time is news', async () => {
    const one = await connect();
    const now = stage.butler.clock.now();
    await one.failed(model, failures.limited('Model', now + 20_000));
    await one.failed(model, failures.limited('Model', now + 21_000));
    await one.failed(model, failures.limited('Model', now + 90_000));
    const changes = await noted();
    assert.deepEqual(
      changes.map(({ until }) => until),
      [now + 20_000, now + 90_000],
    );
    assert.equal(changes[1]?.since, changes[0]?.since);
  });

  it('asks for a login where the key was not accepted, and names no time', async () => {
    const one = await connect();
    await one.failed(model, failures.auth('Model'));
    const [{ state, until, failure } = { state: 'unknown' } as Connection] = await noted();
    assert.deepEqual([state, until, failure?.kind], ['login', undefined, 'auth']);
  });

  it('is nothing that playbooks have', async () => {
    const one = await connect();
    await one.answered({ ...model, kind: 'offline' });
    assert.deepEqual(await states(), []);
  });
});
