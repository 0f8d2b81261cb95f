import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { limitsOf } from '../../server/adapters/sandbox/limits.ts';
import { type CommandGround, makeCommandGround } from '../contracts/tools/commandGround.ts';
import { snapshotOf, value } from '../contracts/tools/ground.ts';
import { skipBecause } from '../run/countReporter.ts';
import { project } from './commandSurface.ts';
import { corpusFiles, type PlacedCase, readCorpus } from './corpus.ts';
import { judgeWidest } from './judge.ts';
import { surfaces } from './surfaces.ts';

/** How many commands of each kind are really run; `BUTLER_COMMANDS=300` runs more, `all` every one. */
const wanted = process.env.BUTLER_COMMANDS ?? '8';
const most = wanted === 'all' ? Number.POSITIVE_INFINITY : Number(wanted);
/** One command runs so long at most, in seconds. */
const seconds = 3;
const secret = ['canary', 'beside', 'the', 'workspace'].join('-');

/** Files of the project that no command changes unasked. */
const guarded = ['package.json', 'Makefile', '.git/config', '.git/hooks', '.vscode', '.env'];

const commands = corpusFiles()
  .flatMap((file) => readCorpus(file, surfaces))
  .filter(({ one }) => one.surface === 'command' && (one.shell ?? 'bash') === 'bash');
const harmless = commands.filter(({ one }) => one.expected === 'allow');
const hostile = commands.filter(({ one }) => one.expected !== 'allow');

describe('commands of the attack corpus, played', function () {
  this.timeout(3_600_000);
  let on: CommandGround;
  const open = async (programs?: readonly string[]) => {
    on = await makeCommandGround({ files: project, ...(programs ? { programs } : {}) });
    await writeFile(path.join(on.ground.outside, 'secret.txt'), secret, { mode: 0o600 });
    await mkdir(path.join(on.ground.workspace, '../bin'));
  };
  afterEach(() => on[Symbol.asyncDispose]());

  it('in a sandbox: those that are allowed run, and neither what is guarded nor what lies beside is touched', async function () {
    await open();
    if (!(await on.sandbox.state()).holds) skipBecause(this, 'no sandbox holds a command here');
    await eachOf(harmless, async ({ one }) => {
      const input = { command: textOf(one.text, on), seconds };
      const plan = value(await on.plan(input));
      assert.equal(judgeWidest('run_command', plan.effects).decision, 'allow');
      const ran = await on.run(input);
      assert.ok(ran.ok || ran.failure.kind === 'tool', JSON.stringify(ran));
      assert.ok(!JSON.stringify(ran).includes(secret), 'it read what lies beside');
    });
  });

  it('in a sandbox: those that ask would do no harm even if nobody had asked', async function () {
    await open();
    if (!(await on.sandbox.state()).holds) skipBecause(this, 'no sandbox holds a command here');
    await eachOf(hostile, async ({ one }) => {
      const command = textOf(one.text, on);
      const plan = await planOf(command);
      const verdict = plan?.ok ? judgeWidest('run_command', plan.value.effects).decision : 'deny';
      // These workspaces lie in the folder for passing files, which a held command has for itself alone.
      if (one.expected === 'ask') assert.notEqual(verdict, 'allow');
      const output = await runUnasked(command);
      assert.ok(!output.includes(secret), 'it read what lies beside');
    });
  });

  it('where nothing can hold them: every one asks, also what is harmless', async () => {
    await open([]);
    assert.equal((await on.sandbox.state()).holds, false);
    const wrong: string[] = [];
    for (const { one, at } of commands) {
      const plan = await planOf(textOf(one.text, on));
      const verdict = plan?.ok ? judgeWidest('run_command', plan.value.effects).decision : 'not planned';
      if (verdict === 'allow') wrong.push(`${at}: ${one.text}`);
    }
    assert.deepEqual(wrong, []);
  });

  /** What running it would do; `null` for what is not even taken as a command. */
  async function planOf(command: string) {
    const input = on.tool.input.safeParse({ command, seconds });
    return input.success ? on.tool.plan(input.data, on.ground.context()) : null;
  }

  /** Runs a command in the sandbox without what an approval would have let it change. */
  async function runUnasked(command: string): Promise<string> {
    const { workspace } = on.ground;
    const limits = limitsOf(seconds);
    const id = `unasked-${Math.random()}`;
    const hold = value(
      await on.sandbox.hold({
        workspace,
        cwd: workspace,
        program: ['/bin/bash', '--noprofile', '--norc', '-c', command],
        limits,
        hosts: [],
        mayChange: [],
        mayRead: [],
        execution: id,
        putsAside: true,
        signal: new AbortController().signal,
      }),
    );
    const about = { id, job: 'job', session: 'session', command, cwd: workspace };
    const running = on.processes.begin({
      process: { ...about, background: false, sandboxed: true },
      launch: { ...hold, cwd: workspace, limits, redactor: on.ground.context().redactor, diesWithUs: true },
      settle: async () => void (await hold.settle()),
    });
    await running.ended;
    return running.output();
  }

  /** Plays some of these cases; names all after which something was not as before. */
  async function eachOf(cases: readonly PlacedCase[], play: (one: PlacedCase) => Promise<void>) {
    const { workspace, outside } = on.ground;
    const beside = await snapshotOf(outside);
    const wrong: string[] = [];
    for (const one of spread(cases)) {
      await layProject();
      const before = guardedIn(await snapshotOf(workspace));
      try {
        await play(one);
        await reopen(workspace);
        assert.deepEqual(guardedIn(await snapshotOf(workspace)), before);
        assert.deepEqual(await snapshotOf(outside), beside);
        assert.deepEqual((await readdir(path.dirname(workspace))).sort(), ['bin', 'outside', 'own', 'work']);
      } catch (error) {
        wrong.push(`${one.at}: ${JSON.stringify(one.one.text)}: ${(error as Error).message}`);
      }
    }
    assert.ok(wrong.length === 0, wrong.join('\n'));
  }

  async function layProject(): Promise<void> {
    const { workspace } = on.ground;
    await reopen(workspace);
    for (const name of await readdir(workspace)) {
      await rm(path.join(workspace, name), { recursive: true, force: true });
    }
    for (const [name, content] of Object.entries(project)) await on.ground.write(name, content);
    assert.ok(existsSync(path.join(workspace, 'README.md')));
  }
});

/** Lets an ordinary user read again what a command closed, but for what is guarded, where that is a harm to be seen. */
async function reopen(workspace: string, below = ''): Promise<void> {
  if (below === '') await chmod(workspace, 0o755);
  for (const entry of await readdir(path.join(workspace, below), { withFileTypes: true })) {
    const at = below === '' ? entry.name : `${below}/${entry.name}`;
    if (isGuarded(at) || entry.isSymbolicLink()) continue;
    const file = path.join(workspace, at);
    const { mode } = await lstat(file);
    await chmod(file, (mode & 0o7777) | (entry.isDirectory() ? 0o700 : 0o600));
    if (entry.isDirectory()) await reopen(workspace, at);
  }
}

/** So many of them as are played, spread over all. */
function spread(cases: readonly PlacedCase[]): PlacedCase[] {
  const step = Math.max(1, cases.length / most);
  const count = Math.min(cases.length, most);
  return Array.from({ length: count }, (_, index) => cases[Math.floor(index * step)] as PlacedCase);
}

function guardedIn(snapshot: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshot).filter(([name]) => isGuarded(name)));
}

function isGuarded(name: string): boolean {
  return guarded.some((one) => name === one || name.startsWith(`${one}/`));
}

function textOf(text: string, { ground }: CommandGround): string {
  return text.replaceAll('<workspace>', ground.workspace).replaceAll('<outside>', ground.outside);
}
