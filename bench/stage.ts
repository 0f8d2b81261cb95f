import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';

/** Where a run measures: fresh folders of its own, the built product and the built floors. */
export interface Stage {
  readonly root: string;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** A workspace with one file to read and an Ability `bench` of the provider `anthropic`. */
  readonly workspace: string;
  readonly worker: string;
  readonly cli: string;
  readonly emptyServer: string;
  readonly sdkLoop: string;
  /** How large the large things are; 1 for the sizes that DESIGN names. */
  readonly full: boolean;
  /** Environment of a child: a store of its own, the model at the URL. */
  env(store: string, model: string): NodeJS.ProcessEnv;
  close(): void;
}

/** The file that every round reads. */
export const readFileName = 'notes.md';

/** Builds the product as it ships and the floors in the same way, and lays out a workspace. */
export async function openStage(full: boolean): Promise<Stage> {
  const root = path.join(import.meta.dirname, '..');
  await build(root);
  const floors = path.join(root, 'build/bench');
  const folder = mkdtempSync(path.join(tmpdir(), 'butler-bench-'));
  const workspace = path.join(folder, 'workspace');
  layWorkspace(workspace);
  return {
    root,
    folder,
    workspace,
    worker: path.join(root, 'dist/worker.mjs'),
    cli: path.join(root, 'dist/butler.mjs'),
    emptyServer: path.join(floors, 'emptyServer.mjs'),
    sdkLoop: path.join(floors, 'sdkLoop.mjs'),
    full,
    env: (store, model) => ({
      PATH: process.env.PATH,
      HOME: folder,
      BUTLER_HOME: path.join(folder, store),
      BUTLER_ANTHROPIC_BASE_URL: model,
      ANTHROPIC_API_KEY: 'bench-key-of-no-worth',
      BUTLER_KEYCHAIN: 'off',
    }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Builds the product as it ships into `dist`, and the floors in the same way into `build/bench`. */
export async function build(root: string): Promise<void> {
  const built = spawnSync(process.execPath, ['esbuild.mjs', '--minify'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (built.status !== 0) throw new Error('The product does not build; see above.');
  await buildFloors(root, path.join(root, 'build/bench'));
}

/** Starts a Node program of ours. */
export function start(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(process.execPath, [file, ...args], options);
}

/** Resolves with the exit code; kills the child after `limit` ms, so that no run hangs. */
export function ended(child: ChildProcess, limit = 120_000): Promise<number> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? -1);
    });
  });
}

/** Memory of a process in MB: now, and the most it ever had; `null` where the system does not say. */
export function memoryOf(pid: number): { now: number; peak: number } | null {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  const read = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? Number.NaN) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

function layWorkspace(workspace: string): void {
  mkdirSync(path.join(workspace, '.butler'), { recursive: true });
  writeFileSync(path.join(workspace, readFileName), 'One line of the notes.\n'.repeat(20));
  const ability = {
    id: 'bench',
    name: 'Bench',
    provider: 'anthropic',
    model: 'mock-model',
    deliverable: 'document',
    tools: fileTools,
  };
  writeFileSync(
    path.join(workspace, '.butler/abilities.json'),
    JSON.stringify({ abilities: [ability] }, null, 2),
  );
}

/** What DESIGN's budget of a request's fixed part counts. */
const fileTools = [
  'list_files',
  'search_text',
  'read_file',
  'read_output',
  'write_file',
  'edit_file',
  'delete_file',
  'move_file',
  'save_deliverable',
  'publish',
];

async function buildFloors(root: string, out: string): Promise<void> {
  await esbuild.build({
    entryPoints: { emptyServer: 'bench/floors/emptyServer.ts', sdkLoop: 'bench/floors/sdkLoop.ts' },
    absWorkingDir: root,
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    legalComments: 'none',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as butlerRequire } from 'node:module'; const require = butlerRequire(import.meta.url);",
    },
  });
}
