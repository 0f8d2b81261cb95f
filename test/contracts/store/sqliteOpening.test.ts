import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { engineFault, openDatabase } from '../../../server/adapters/storage/database.ts';
import { backupOf } from '../../../server/adapters/storage/migrate.ts';
import { migrations } from '../../../server/adapters/storage/migrations.ts';
import { openStore } from '../../../server/adapters/storage/openStore.ts';
import { storeOver } from '../../../server/adapters/storage/storeOver.ts';
import { deliverableSaved, jobCreated, messageAdded, messageCosting, sessionCreated } from './drafts.ts';
import { type SqliteUnderTest, sqliteUnderTest, withDatabase } from './sqliteUnderTest.ts';

/** Takes the step back that made lists small. */
const unlisted = [
  'drop index publications_place',
  'alter table deliverables add column published text',
  "update deliverables set data = json_insert(data, '$.type', type, '$.title', title, '$.created', created)",
  ...['type', 'title', 'created', 'files', 'bytes'].map(
    (name) => `alter table deliverables drop column ${name}`,
  ),
];
/** Takes it back to what it was before there were engines. */
const undone = [
  ...unlisted,
  'drop trigger blob_parts_go',
  ...['parts', 'size'].map((name) => `alter table blobs drop column ${name}`),
  ...['blobParts', 'blobArrivals', 'publications'].map((name) => `drop table ${name}`),
  'drop table kept',
  'drop index jobs_turn',
  'drop index jobs_parent',
  'alter table sessions drop column parent',
  ...['parent', 'agent', 'offline', 'steered', 'heard'].map((name) => `alter table jobs drop column ${name}`),
  ...['spending', 'providers', 'connections', 'settings'].map((name) => `drop table ${name}`),
];
const later = { name: 'later', statements: () => ['create table later (x integer) strict'] };

describe('opening a SQLite store', () => {
  let under: SqliteUnderTest;
  beforeEach(async () => {
    under = await sqliteUnderTest();
    await under.store.append([sessionCreated('s'), jobCreated('s', 'j', { text: 'Very private words' })]);
  });
  afterEach(() => under.dispose());

  const failureOf = async (change: Partial<Parameters<typeof openStore>[0]>) => {
    const outcome = await openStore({ ...under.place, clock: under.time, ...change });
    assert.ok(!outcome.ok);
    assert.equal(outcome.failure.kind, 'store');
    return outcome.failure.what;
  };

  it('keeps the file unreadable without the key, and readable for its owner only', async () => {
    await under.store.close();
    const bytes = await readFile(under.place.file);
    assert.ok(!bytes.includes('SQLite format') && !bytes.includes('private') && !bytes.includes('journal'));
    if (process.platform !== 'win32') assert.equal((await stat(under.place.file)).mode & 0o077, 0);
    assert.match(await failureOf({ key: randomBytes(32) }), /cannot be read with its key/);
  });

  it('refuses a file that is no store', async () => {
    const file = `${under.place.file}.other`;
    await writeFile(file, 'just some text '.repeat(1000));
    assert.match(await failureOf({ file }), /cannot be read with its key/);
  });

  it('refuses a place that is no folder', async () => {
    assert.match(await failureOf({ file: `${under.place.file}/below/store.db` }), /cannot be opened/);
  });

  it('refuses a Node whose native interface is too old, before the engine is loaded', () => {
    assert.match(engineFault('9')?.what ?? '', /too old/);
    assert.match(engineFault(undefined)?.what ?? '', /too old/);
    assert.equal(engineFault('10'), null);
  });

  it('refuses a store of a newer version and leaves it as it is', async () => {
    under.tamper(`pragma user_version=${migrations.length + 1}`);
    assert.match(await failureOf({}), /newer version/);
    under.tamper(`pragma user_version=${migrations.length}`);
    assert.equal((await (await under.another()).verify()).state, 'clean');
  });

  it('brings an older store forward and keeps an encrypted copy of it', async () => {
    await under.store.close();
    const outcome = await openStore({
      ...under.place,
      clock: under.time,
      migrations: [...migrations, later],
    });
    assert.ok(outcome.ok);
    assert.equal((await outcome.value.session('s'))?.title, 'Very private words');
    await outcome.value.close();
    const backup = backupOf(under.place.file, migrations.length);
    assert.ok(!(await readFile(backup)).includes('SQLite format'));
    withDatabase({ ...under.place, file: backup }, (database) => {
      assert.deepEqual(database.prepare('select count(*) as n from journal').get(), { n: 2 });
      assert.deepEqual(database.prepare("select name from sqlite_schema where name = 'later'").all(), []);
    });
  });

  it('knows after bringing a store forward what was spent before', async () => {
    const message = messageCosting('s', 'j', 100, null);
    await under.store.append([message, message, messageAdded('s', 'j', 'free')]);
    const before = under.tables();
    const engine = migrations.findIndex(({ name }) => name === 'engine');
    under.tamper(...undone, `pragma user_version=${engine}`);
    const store = await under.another();
    const spent = { tokens: 200, usd: 0, unpriced: true, rounds: 3 };
    assert.deepEqual(await store.spent({ job: 'j' }), spent);
    assert.deepEqual(under.tables(), before);
    await store.rebuild();
    assert.deepEqual(under.tables(), before);
  });

  it('knows after bringing a store forward what was made and where it stands', async () => {
    const publication = { execution: 'e', target: 'local', location: '/out', time: 9 };
    const data = { deliverable: 'd', publication };
    const base = { stream: 's', job: 'j', actor: 'worker' };
    await under.store.append([
      deliverableSaved('s', 'j', 'd'),
      { ...base, type: 'deliverable.published', data },
    ]);
    const before = under.tables();
    const listed = await under.store.deliverables({ limit: 5 });
    assert.deepEqual(listed[0]?.published, publication);
    const listing = migrations.findIndex(({ name }) => name === 'listing');
    under.tamper(...unlisted, `pragma user_version=${listing}`);
    const store = await under.another();
    assert.deepEqual(under.tables(), before);
    assert.deepEqual(await store.deliverables({ limit: 5 }), listed);
  });

  it('does nothing when the disk is full, and goes on when there is space again', async () => {
    const outcome = openDatabase(under.place);
    assert.ok(outcome.ok);
    const store = storeOver({ ...under.place, database: outcome.value, clock: under.time });
    const large = messageAdded('s', 'j', 'x'.repeat(100_000));
    outcome.value.pragma(`max_page_count=${outcome.value.pragma('page_count', { simple: true })}`);
    const full = await store.append([messageAdded('s', 'j', 'small'), large]);
    assert.match(full.ok ? '' : full.failure.what, /disk is full/);
    assert.equal(await store.head(), 2);
    outcome.value.pragma('max_page_count=1000000');
    assert.ok((await store.append([large])).ok);
    assert.equal((await store.verify()).state, 'clean');
    await store.close();
  });

  it('does nothing when the store may only be read', async () => {
    const outcome = openDatabase(under.place);
    assert.ok(outcome.ok);
    const store = storeOver({ ...under.place, database: outcome.value, clock: under.time });
    outcome.value.pragma('query_only=on');
    const refused = await store.append([messageAdded('s', 'j', 'x')]);
    assert.match(refused.ok ? '' : refused.failure.what, /cannot be written/);
    assert.equal(await store.claim('elsewhere:1:a', 'any', 1000), null);
    await store.close();
    assert.equal((await under.store.job('j'))?.state, 'queued');
  });

  it('takes over a job whose lease is missing', async () => {
    await under.store.claim('elsewhere:1:a', 'any', 60_000);
    under.tamper('delete from leases');
    assert.equal((await under.store.takeOver('elsewhere:2:b', 'any', 60_000))?.id, 'j');
  });
});
