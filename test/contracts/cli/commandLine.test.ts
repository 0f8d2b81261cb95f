import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { Entry } from '../../../server/protocol/journal.ts';
import { type Stage, setStage, until } from '../../support/stage.ts';
import { atHome, program, runButler } from '../../support/terminal.ts';

const text = 'Publish the docs as a site';

describe('the command line', () => {
  let stage: Stage;
  const butler = (...args: string[]) => runButler(stage, args);
  const lines = (out: string) =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const exists = (file: string) =>
    access(path.join(stage.workspace, file)).then(
      () => true,
      () => false,
    );
  beforeEach(async () => {
    stage = await setStage({ serve: false });
  });
  afterEach(() => stage.close());

  it('runs a job to its end, lists it, and takes it back', async () => {
    const ran = await butler('run', 'site-from-readme', text, '--yes');
    assert.equal(ran.status, 0, ran.err);
    assert.match(ran.out, /Published: .*public/);
    assert.ok(await exists('public/index.html'));
    const [job] = lines((await butler('--json', 'jobs')).out);
    assert.equal(job?.state, 'completed');
    const undone = await butler('undo', String(job?.id));
    assert.equal(undone.status, 0, undone.err);
    assert.equal(await exists('public'), false);
    assert.equal((await butler('undo', String(job?.id))).status, 1);
  });

  it('prints every entry of the job as a JSON line, and nothing else', async () => {
    const { out, status } = await butler('--json', 'run', 'site-from-readme', text, '--yes');
    assert.equal(status, 0);
    const types = lines(out).map((entry) => entry.type);
    assert.equal(types[0], 'job.created');
    assert.equal(types.at(-1), 'job.completed');
    assert.ok(types.includes('deliverable.published'));
  });

  for (const [name, status, published] of [
    ['approve', 0, true],
    ['deny', 3, false],
  ] as const) {
    it(`waits for another terminal to ${name}, where nobody can be asked here`, async () => {
      const running = butler('--json', 'run', 'site-from-readme', text);
      const { approval } = await until(
        stage.butler,
        async () => (await stage.butler.store.pendingApprovals())[0] ?? null,
      );
      const decided = await butler(name, approval.job);
      assert.equal(decided.status, 0, decided.err);
      assert.equal((await running).status, status);
      assert.equal(await exists('public/index.html'), published);
    });
  }

  it('never lets --yes decide about a protected file', async () => {
    await writeFile(path.join(stage.workspace, '.butler/abilities.json'), JSON.stringify(hostileAbility));
    const running = butler('--json', 'run', 'hostile', '/site', '--yes');
    const { approval } = await until(
      stage.butler,
      async () => (await stage.butler.store.pendingApprovals())[0] ?? null,
    ).catch(() => assert.fail('nothing was asked'));
    assert.equal(approval.protected, true);
    await butler('deny', approval.id);
    assert.equal((await running).status, 3);
    assert.equal(await exists('.github/index.html'), false);
  });

  it('aborts the job at the first Ctrl+C and says so by its status', async () => {
    const child = spawn(process.execPath, [program, '--json', 'run', 'site-from-readme', text], {
      cwd: stage.workspace,
      env: atHome(stage),
      stdio: 'ignore',
    });
    const { approval } = await until(
      stage.butler,
      async () => (await stage.butler.store.pendingApprovals())[0] ?? null,
    );
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [130, null]);
    assert.equal((await stage.butler.store.job(approval.job))?.state, 'aborted');
  });

  it('holds every claim while the panic switch is on, and runs what waited when it is off (B3)', async () => {
    assert.equal((await butler('pause')).status, 0);
    const running = butler('--json', 'run', 'butler', '/help');
    const job = await until(
      stage.butler,
      async () => (await stage.butler.store.jobs({ limit: 1 }))[0] ?? null,
    );
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal((await stage.butler.store.job(job.id))?.state, 'queued');
    assert.equal((await butler('resume')).status, 0);
    assert.equal((await running).status, 0);
  });

  it('lists, checks and exports the journal', async () => {
    await butler('run', 'butler', '/help');
    const listed = lines((await butler('--json', 'journal', 'list', '--type', 'job.completed')).out);
    assert.equal(listed.length, 1);
    assert.match((await butler('journal', 'verify')).out, /^Clean: \d+ entries\.\n$/);
    const csv = (await butler('journal', 'export', '--csv')).out.split('\r\n');
    assert.equal(csv[0], 'seq,time,stream,job,type,actor,data,hash');
    const exported = lines((await butler('journal', 'export')).out) as unknown as Entry[];
    assert.equal(csv.length - 2, exported.length);
    const wrong = await butler('journal', 'list', '--type', 'nonsense');
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /no entry type "nonsense"/);
  });

  it('says what is wrong with what it was given, and what mends it', async () => {
    const cases: [string[], number, RegExp][] = [
      [['run', 'nobody', 'x'], 2, /There is no Ability "nobody"[\s\S]*Choose one of: site-from-readme/],
      [['run', 'butler', '   '], 2, /no text/],
      [['frobnicate'], 2, /unknown command/],
      [['approve', 'nothing'], 2, /Nothing waits under "nothing"/],
      [['abort', 'nothing'], 2, /There is no job "nothing"/],
      [['--workspace', '/no/such/folder', 'jobs'], 2, /no folder/],
      [['--workspace', 'README.md', 'jobs'], 2, /no folder/],
      [['--store', 'README.md', 'jobs'], 1, /README\.md" cannot be the folder of the store/],
      [['jobs', '-n', 'many'], 2, /whole number from 1 to 1000/],
      [['journal', 'list', '-n', '-5'], 2, /whole number from 1 to 2000/],
      [['publication', 'list', '-n', '501'], 2, /whole number from 1 to 500/],
    ];
    for (const [args, status, message] of cases) {
      const ended = await butler(...args);
      assert.equal(ended.status, status, args.join(' '));
      assert.match(ended.err, message);
    }
  });

  it('prints a playbook as the file that it is', async () => {
    assert.match((await butler('playbook')).out, /^site .*\nrelease-notes /);
    const file = path.join(import.meta.dirname, '../../../server/adapters/playbooks/site.json');
    const { out } = await butler('playbook', 'show', 'site');
    assert.deepEqual(JSON.parse(out), JSON.parse(await readFile(file, 'utf8')));
    const wrong = await butler('playbook', 'show', 'nothing');
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /Choose one of: site, release-notes/);
  });

  it('ends with a failure where nothing was done of what was asked', async () => {
    const { status, out } = await butler('run', 'site-from-readme', 'Tell me a joke');
    assert.equal(status, 1);
    assert.match(out, /nothing was done/);
  });

  it('goes on to its end where nobody reads what it prints any more', async () => {
    const options = { cwd: stage.workspace, env: atHome(stage) };
    const child = spawn(process.execPath, [program, 'run', 'site-from-readme', text, '--yes'], options);
    child.stdout.destroy();
    const err = textOf(child.stderr);
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.doesNotMatch(await err, /EPIPE/);
    assert.ok(await exists('public/index.html'));
  });

  it('says that the store is damaged, also where that shows only while it is read', async () => {
    const home = path.join(stage.home, 'other');
    const other = (...args: string[]) => runButler({ ...stage, home }, args);
    for (let count = 0; count < 3; count++) await other('run', 'butler', '/help');
    const file = path.join(home, 'butler.db');
    const bytes = await readFile(file);
    // The page that was added last, of the journal: the store still opens.
    const last = bytes.length - 4096;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    await writeFile(file, bytes);
    for (const args of [['journal', 'verify'], ['doctor']]) {
      const { status, err } = await other(...args);
      assert.equal(status, 1, err);
      assert.match(err, /^The file of the store is damaged\.\n/);
    }
  });

  it('says so too where the damage meets what every command reads', async () => {
    const home = path.join(stage.home, 'third');
    const third = (...args: string[]) => runButler({ ...stage, home }, args);
    await third('run', 'butler', '/help');
    const file = path.join(home, 'butler.db');
    const bytes = await readFile(file);
    // All pages but those with the schema.
    for (let page = 4; page < bytes.length / 4096; page++) bytes[page * 4096] = (bytes[page * 4096] ?? 0) ^ 1;
    await writeFile(file, bytes);
    for (const args of [['jobs'], ['run', 'butler', '/help']]) {
      const { status, err } = await third(...args);
      assert.deepEqual([status, err.split('\n')[0]], [1, 'The file of the store is damaged.']);
    }
  });

  it('hands images over with a job, and names the file that is none', async () => {
    const shown = ['--image', 'docs/images/float.png', '--image', 'docs/images/float.png'];
    const { out, status } = await butler('--json', 'run', 'butler', ...shown, '/help');
    assert.equal(status, 0);
    const body = lines(out)[0]?.body as { images: Record<string, unknown>[] } | undefined;
    const kept = { digest: body?.images[0]?.digest, type: 'image/png', width: 96, height: 64 };
    assert.deepEqual(body?.images, [kept, kept]);
    const refused = await butler('run', 'butler', '--image', 'README.md', '/help');
    assert.equal(refused.status, 2);
    assert.match(refused.err, /^README\.md: This is no PNG, JPEG, GIF or WebP\.$/m);
  });

  it('finds everything in order, and names the line of a broken Abilities file', async () => {
    assert.equal((await butler('doctor')).status, 0);
    const file = path.join(stage.workspace, '.butler/abilities.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"name"', '"nme"'));
    const { status, out } = await butler('doctor');
    assert.equal(status, 1);
    assert.match(out, /✗ abilities: .*abilities\.json:\d+/);
  });
});

/** An Ability that a repository could bring, whose target is a folder that runs code by itself. */
const hostileAbility = {
  abilities: [
    {
      id: 'hostile',
      name: 'Hostile',
      deliverable: 'website',
      target: { type: 'local', config: { folder: '.github' } },
    },
  ],
};
