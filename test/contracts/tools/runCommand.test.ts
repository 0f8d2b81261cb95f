import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { nap, runningWith } from '../../support/naps.ts';
import { until } from '../../support/until.ts';
import { approvedDigest } from './approvedDigest.ts';
import { type CommandGround, makeCommandGround } from './commandGround.ts';
import { kindOf, value } from './ground.ts';

describe('running a command', () => {
  let on: CommandGround;

  beforeEach(async () => {
    on = await makeCommandGround({ files: { 'a.txt': 'one\n', 'docs/b.txt': 'two\n' } });
  });

  afterEach(() => on[Symbol.asyncDispose]());

  it('tells its exit code and all that it wrote', async () => {
    const ran = value(await on.run({ command: 'cat a.txt; echo wrong >&2; exit 3' }));
    assert.equal(ran.output.split('\n')[0], 'Exit code 3.');
    assert.match(ran.output, /^one$/m);
    assert.match(ran.output, /^wrong$/m);
    assert.equal(value(await on.run({ command: 'true' })).output, 'Exit code 0.\nIt wrote nothing.');
  });

  it('runs in the folder that was named, and in no other than one of the workspace', async () => {
    const ran = value(await on.run({ command: 'cat b.txt; pwd', cwd: 'docs' }));
    assert.match(ran.output, /two\n.*\/docs$/m);
    await symlink(on.ground.outside, path.join(on.ground.workspace, 'way'));
    for (const cwd of ['..', '/', 'way', 'a.txt', 'missing', '~', '.git']) {
      assert.equal(kindOf(await on.plan({ command: 'true', cwd })), 'invalid', cwd);
    }
  });

  it('shows the whole command, what holds it, its folder and its limits before it runs', async () => {
    const command = `echo ${'long '.repeat(100)}; echo end`;
    const plan = value(await on.plan({ command, cwd: 'docs', seconds: 7 }));
    const text = plan.preview?.kind === 'text' ? plan.preview.text : '';
    assert.ok(text.startsWith(`${command}\n`), 'the command comes first and is whole');
    assert.match(text, /Held by a sandbox: writes in the workspace only, no network/);
    assert.match(text, /Folder: docs/);
    assert.match(text, /Limits: 7 s/);
    assert.match(plan.title, /^Run echo long .* … .*echo end$/);
  });

  it('gives the command no input, no terminal and no key', async () => {
    const ran = value(await on.run({ command: 'cat; tty; env; echo ended' }));
    assert.match(ran.output, /not a tty/);
    assert.match(ran.output, /ended/);
    assert.doesNotMatch(ran.output, /canary/i);
  });

  it('is taken back, and done again', async () => {
    const before = await on.ground.snapshot();
    const context = on.ground.context();
    const ran = value(
      await on.run({ command: 'echo new > a.txt; rm -r docs; mkdir -p x/y; echo z > x/y/z' }, context),
    );
    const after = await on.ground.snapshot();
    assert.notDeepEqual(after, before);
    value((await on.tool.undo?.(ran.undo, context)) as never);
    assert.deepEqual(await on.ground.snapshot(), before);
    value((await on.tool.redo?.(ran.undo, context)) as never);
    assert.deepEqual(await on.ground.snapshot(), after);
  });

  it('has nothing to take back where it changed nothing', async () => {
    assert.equal(value(await on.run({ command: 'ls' })).undo, undefined);
  });

  it('runs exactly what was planned', async () => {
    const context = on.ground.context();
    const input = on.tool.input.parse({ command: 'echo x > made' });
    const plan = value(await on.tool.plan(input, context));
    const others = [
      on.tool.input.parse({ command: 'echo y > made' }),
      on.tool.input.parse({ command: 'echo x > made', cwd: 'docs' }),
      on.tool.input.parse({ command: 'echo x > made', hosts: ['example.org'] }),
      on.tool.input.parse({ command: 'echo x > made', background: true }),
      on.tool.input.parse({ command: 'echo x > made', seconds: 9 }),
    ];
    for (const other of others) assert.equal(kindOf(await on.tool.run(other, plan, context)), 'conflict');
    assert.ok(!existsSync(path.join(on.ground.workspace, 'made')));
    assert.equal(kindOf(await on.tool.run(input, plan, context)), 'ok');
  });

  it('has another digest for another command, folder, host or time', async () => {
    const inputs = [{}, { cwd: 'docs' }, { hosts: ['example.org'] }, { background: true }, { seconds: 9 }];
    const digests = await Promise.all(
      inputs.map(async (one) => approvedDigest(value(await on.plan({ command: 'true', ...one })))),
    );
    assert.equal(new Set(digests).size, inputs.length);
    assert.equal(
      approvedDigest(value(await on.plan({ command: 'true' }))),
      digests[0],
      'and the same for the same',
    );
  });

  it('stops at once with the job, with all that it started', async () => {
    const stop = new AbortController();
    const context = on.ground.context({ signal: stop.signal });
    const running = on.run({ command: `${nap(321)} & setsid ${nap(321)} & echo x > half; wait` }, context);
    await until(() => existsSync(path.join(on.ground.workspace, 'half')));
    stop.abort('abort');
    const ran = value(await running);
    assert.match(ran.output, /^Stopped before its end/);
    assert.equal(runningWith(nap(321)), 0);
    value((await on.tool.undo?.(ran.undo, on.ground.context())) as never);
    assert.ok(!existsSync(path.join(on.ground.workspace, 'half')), 'and what it did half-way is taken back');
  });

  it('does not begin in a job that is stopped', async () => {
    const stop = new AbortController();
    stop.abort('abort');
    const context = on.ground.context();
    const input = on.tool.input.parse({ command: 'echo x > made' });
    const plan = value(await on.tool.plan(input, context));
    const ran = await on.tool.run(input, plan, { ...context, signal: stop.signal }).catch(() => null);
    assert.ok(!ran?.ok);
    assert.ok(!existsSync(path.join(on.ground.workspace, 'made')));
  });

  it('ends when its time is over and says so', async () => {
    const ran = value(await on.run({ command: 'echo begun; sleep 50', seconds: 3 }));
    assert.match(ran.output, /^Stopped: it took longer than it was given\. \(3 s/);
    assert.match(ran.output, /begun/);
  });

  it('shows what it writes as it comes, without secrets', async () => {
    const seen: string[] = [];
    on.processes.listen((news) => news.kind === 'output' && seen.push(news.text));
    const key = ['sk', 'ant', 'x'.repeat(40)].join('-');
    const context = on.ground.context();
    context.redactor.learn([key]);
    const half = Math.floor(key.length / 2);
    const command = `printf ${key.slice(0, half)}; sleep 0.2; printf '${key.slice(half)}\\n'; echo shown`;
    const ran = value(await on.run({ command }, context));
    assert.doesNotMatch(seen.join('') + ran.output, new RegExp(key));
    assert.match(seen.join(''), /shown/);
  });

  it('says which guarded files were put aside', async () => {
    await on.ground.write('make.pl', 'open F, ">", "AGENTS" . ".md"; print F "evil\\n"');
    const ran = value(await on.run({ command: 'perl make.pl' }));
    assert.match(ran.output, /were put aside in .*: AGENTS\.md\. Write them with the file tools/);
    const folder = /put aside in (.*): /.exec(ran.output)?.[1] ?? '';
    assert.equal(await readFile(path.join(folder, 'AGENTS.md'), 'utf8'), 'evil\n');
    assert.equal(ran.undo, undefined);
  });

  it('takes no host but plain ones', () => {
    for (const host of [
      '*',
      '*.org',
      'http://a.org',
      'a.org/x',
      'a b',
      '-a',
      '',
      'a..b/',
      'user@a.org',
      'a:b',
    ]) {
      assert.ok(!on.tool.input.safeParse({ command: 'true', hosts: [host] }).success, host);
    }
    for (const host of ['a.org', 'localhost:8080', '127.0.0.1']) {
      assert.ok(on.tool.input.safeParse({ command: 'true', hosts: [host] }).success, host);
    }
  });

  it('leaves nothing of the sandbox in the workspace', async () => {
    await mkdir(path.join(on.ground.workspace, 'empty'));
    const before = await on.ground.snapshot();
    await Promise.all([1, 2, 3, 4].map(() => on.run({ command: 'sleep 0.1' })));
    assert.deepEqual(await on.ground.snapshot(), before);
  });
});
