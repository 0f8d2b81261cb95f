import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Ending } from '../../../server/adapters/processes/launch.ts';
import { openProcesses } from '../../../server/adapters/processes/processes.ts';
import type { CommandSandbox } from '../../../server/adapters/sandbox/commandSandbox.ts';
import { type Limits, limitsOf } from '../../../server/adapters/sandbox/limits.ts';
import { openSandbox } from '../../../server/adapters/sandbox/openSandbox.ts';
import { createRedactor } from '../../../server/core/redaction.ts';
import { rg, value } from '../tools/ground.ts';

/** A workspace with a sandbox around its commands, for one test. */
export interface HeldGround extends AsyncDisposable {
  readonly workspace: string;
  /** A folder beside the workspace, and our own. */
  readonly outside: string;
  readonly own: string;
  readonly sandbox: CommandSandbox;
  /** What other calls are allowed to change while a command runs. */
  readonly allowed: string[];
  write(name: string, content: string): Promise<void>;
  read(name: string): Promise<string>;
  /** Runs a command to its end. */
  run(command: string, change?: Partial<HeldRun>): Promise<HeldResult>;
}

/** What of a run may be other than usual. */
export interface HeldRun {
  readonly cwd: string;
  readonly limits: Partial<Limits>;
  readonly hosts: readonly string[];
  readonly mayChange: readonly string[];
  readonly mayRead: readonly string[];
  readonly signal: AbortSignal;
}

/** What a run came to. */
export interface HeldResult extends Ending {
  readonly output: string;
  readonly aside: readonly string[];
  readonly asideFolder: string;
}

let count = 0;

/** Makes a ground; `at` is the folder in which it is made. */
export async function makeHeldGround(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  at = tmpdir(),
): Promise<HeldGround> {
  const root = await realpath(await mkdtemp(path.join(at, 'butler-held-')));
  const [workspace, outside, own] = ['work', 'outside', 'own'].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [workspace, outside, own]) await mkdir(folder);
  const allowed: string[] = [];
  const allowedMeanwhile = async () => async () => allowed;
  const sandbox = openSandbox({ home: own, ownFolders: [own], environment, rg, allowedMeanwhile });
  const processes = openProcesses(() => Date.now());
  return {
    workspace,
    outside,
    own,
    sandbox,
    allowed,
    write: async (name, content) => {
      await mkdir(path.dirname(path.join(workspace, name)), { recursive: true });
      await writeFile(path.join(workspace, name), content);
    },
    read: (name) => readFile(path.join(workspace, name), 'utf8'),
    run: async (command, change = {}) => {
      const id = `run-${++count}`;
      const signal = change.signal ?? new AbortController().signal;
      const limits = { ...limitsOf(30), ...change.limits };
      const cwd = change.cwd ?? workspace;
      const hold = value(
        await sandbox.hold({
          workspace,
          cwd,
          program: ['/bin/bash', '--noprofile', '--norc', '-c', command],
          limits,
          hosts: change.hosts ?? [],
          mayChange: change.mayChange ?? [],
          mayRead: change.mayRead ?? [],
          execution: id,
          putsAside: true,
          signal,
        }),
      );
      let put = { aside: [] as readonly string[], folder: '' };
      const about = { id, job: 'job', session: 'session', command, cwd, background: false, sandboxed: true };
      const running = processes.begin({
        process: about,
        launch: { ...hold, cwd, limits, redactor: createRedactor(), diesWithUs: true },
        settle: async () => {
          put = await hold.settle();
        },
      });
      signal.addEventListener('abort', () => void running.stop());
      const ending = await running.ended;
      return { ...ending, output: running.output(), aside: put.aside, asideFolder: put.folder };
    },
    [Symbol.asyncDispose]: async () => {
      await processes.close();
      await sandbox.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
