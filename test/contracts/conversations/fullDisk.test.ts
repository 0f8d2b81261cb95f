import assert from 'node:assert/strict';
import type { Database } from 'better-sqlite3';
import { openSecrets } from '../../../server/adapters/secrets/openSecrets.ts';
import { storeKey } from '../../../server/adapters/secrets/storeKey.ts';
import { openDatabase } from '../../../server/adapters/storage/database.ts';
import { storeOver } from '../../../server/adapters/storage/storeOver.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import { approvalLifetime } from '../../../server/protocol/approval.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { calls, deed, type Hand, hire, says, scripted } from './crew.ts';

describe('a worker whose disk is full', function () {
  this.timeout(60_000);
  let stage: Stage;
  let database: Database;
  let store: Store;
  let hand: Hand | null = null;
  beforeEach(async () => {
    stage = await setStage({ serve: false });
    const { config, clock } = stage.butler;
    const key = await storeKey(openSecrets({ file: config.secretsFile }), config.storeFile);
    assert.ok(key.ok);
    const opened = openDatabase({ file: config.storeFile, key: key.value });
    assert.ok(opened.ok);
    database = opened.value;
    store = storeOver({ database, key: key.value, headFile: config.headFile, clock });
  });
  afterEach(async () => {
    await hand?.stop();
    await store.close();
    await stage.close();
  });

  /** The engine gives out no further page, as on a full disk; what fits into the last one still goes in. */
  const fill = () => {
    database.pragma('max_page_count = 1');
  };
  const free = () => {
    database.pragma('max_page_count = 1000000');
  };
  const long = 'A long answer. '.repeat(20_000);
  const reported = (what: RegExp) => eventually(() => hand?.reports.some((one) => what.test(one)) ?? false);
  const types = async (job: string) =>
    (await stage.butler.store.entries({ filter: { job }, after: 0, limit: 500 })).entries.map(
      ({ type }) => type,
    );

  it('notes no answer that it cannot keep, says why, and goes on when there is space', async () => {
    const script = scripted(
      (...asked) => {
        fill();
        return says(long)(...asked);
      },
      says(long),
      says(long),
      says(long),
      says(long),
    );
    hand = hire(stage, 'one', { store, providers: () => [script.provider] });
    const job = await stage.hand('butler', 'Answer at length');
    await reported(/disk is full/);
    assert.equal((await stage.butler.store.job(job.id))?.state, 'running');
    free();
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(await types(job.id), ['job.created', 'job.claimed', 'message.added', 'job.completed']);
  });

  it('does nothing that it cannot note before', async () => {
    const space = [fill];
    const { tool, done } = deed({ title: long, planned: () => space.pop()?.() });
    const script = scripted(calls('deed'), says('Done.'));
    hand = hire(stage, 'one', { store, providers: () => [script.provider], tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await reported(/disk is full/);
    assert.deepEqual(done, []);
    free();
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(done.length, 1);
  });

  it('does nothing while what it would note can only be read, and does it once it can write', async () => {
    const turns = ['query_only = on'];
    const { tool, done } = deed({ planned: () => void database.pragma(turns.pop() ?? 'query_only = off') });
    const script = scripted(calls('deed'), says('Done.'));
    hand = hire(stage, 'one', { store, providers: () => [script.provider], tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await reported(/cannot be written/);
    assert.deepEqual(done, []);
    database.pragma('query_only = off');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(done.length, 1);
  });

  it('stays awake over a question whose expiry it cannot note, and lets it expire when there is space', async () => {
    const { tool, done } = deed({ asked: true });
    const script = scripted(calls('deed'), says('Nobody answered.'));
    hand = hire(stage, 'one', { store, providers: () => [script.provider], tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await stage.question(job);
    fill();
    await fillUp(store);
    stage.wait(approvalLifetime + 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await stage.butler.store.pendingApprovals(job.id)).length, 1);
    free();
    stage.wait(2_000);
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(done, []);
  });
});

/** Uses up the rest of the last page. */
async function fillUp(store: Store): Promise<void> {
  const data = { name: 'provider.test', where: 'nowhere' };
  for (let fits = true; fits; ) {
    fits = (await store.append([{ stream: 'admin', type: 'secret.changed', actor: 'worker', data }])).ok;
  }
}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
