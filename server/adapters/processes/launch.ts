import { type ChildProcess, spawn } from 'node:child_process';
import type { Redactor } from '../../core/redactor.ts';
import type { Limits } from '../sandbox/limits.ts';
import { endGroup, endStrays, grace, guardGroup, markName } from './endGroup.ts';
import { familyOf } from './family.ts';
import { outputBuffer } from './outputBuffer.ts';

/** A program that is to be started. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
  readonly limits: Limits;
  readonly execution: string;
  readonly redactor: Redactor;
  /** Whether it dies with this process by itself, as what a sandbox of Linux holds does. */
  readonly diesWithUs: boolean;
  onOutput(text: string): void;
}

/** Why a program ended, in other ways than by itself. */
export type Stop = 'asked' | 'time' | 'output' | 'memory' | 'processes';

/** How a program ended. */
export interface Ending {
  /** `null` where a signal ended it. */
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stopped: Stop | null;
  /** Why it did not even start. */
  readonly fault: string | null;
}

/** A program at work. */
export interface Launched {
  /** `null` where it did not start. */
  readonly pid: number | null;
  readonly ended: Promise<Ending>;
  /** Everything that it wrote so far, without secrets. */
  output(): string;
  tail(length: number): string;
  /** Ends it with all that it started; the ending says why. */
  stop(why: Stop): Promise<void>;
}

const watchEvery = 100;
/** What grows while it is waited for is given no time to end by itself. */
const growing: ReadonlySet<Stop> = new Set(['processes', 'memory']);

/** Starts a program in a process group of its own, without input, and keeps it within its limits. */
export function launch(given: Launch): Launched {
  const { limits, execution } = given;
  const child = spawn(given.file, given.args, {
    cwd: given.cwd,
    env: { ...given.environment, [markName]: execution },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const kept = outputBuffer();
  let stopped: Stop | null = null;
  let ending: Promise<void> | undefined;
  let fault: string | null = null;
  const stop = (why: Stop) => {
    stopped ??= why;
    ending ??= endGroup(child, execution, growing.has(why) ? 0 : grace);
    return ending;
  };
  const take = (text: string) => {
    if (text === '' || stopped === 'output') return;
    kept.push(text);
    given.onOutput(text);
    if (kept.length() > limits.output) void stop('output');
  };
  child.once('error', (error) => {
    fault = error.message;
  });
  const unwatch = watch(child, limits, (why) => void stop(why));
  const callOff = child.pid !== undefined && !given.diesWithUs ? guardGroup(child.pid, execution) : () => {};
  const read = Promise.all(
    [child.stdout, child.stderr].map((stream) => readAll(stream, given.redactor, take)),
  );
  const ended = exited(child).then(async ({ exit, signal }) => {
    unwatch();
    // What it left behind keeps the pipes open.
    if (!stopped && !given.diesWithUs) endLeftovers(child, execution);
    await ending;
    await Promise.race([read, pause(1000)]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    callOff();
    return { exit: stopped ? null : exit, signal, stopped, fault };
  });
  return { pid: child.pid ?? null, ended, output: kept.text, tail: kept.tail, stop };
}

/** Looks at the time, and on Linux at what the whole family takes, which limits of single processes do not hold. */
function watch(child: ChildProcess, limits: Limits, exceed: (why: Stop) => void): () => void {
  const deadline = setTimeout(() => exceed('time'), limits.seconds * 1000);
  const timer = setInterval(() => {
    if (process.platform !== 'linux' || child.pid === undefined) return;
    const { pids, memory } = familyOf(child.pid);
    if (pids.length > limits.processes) exceed('processes');
    else if (memory > limits.memory) exceed('memory');
  }, watchEvery);
  return () => {
    clearTimeout(deadline);
    clearInterval(timer);
  };
}

async function readAll(
  stream: NodeJS.ReadableStream | null,
  redactor: Redactor,
  take: (text: string) => void,
): Promise<void> {
  if (!stream) return;
  const cleaner = redactor.stream();
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream) take(cleaner.push(String(chunk)));
  } catch {
    // A pipe that breaks has said all that it will.
  }
  take(cleaner.end());
}

function exited(child: ChildProcess): Promise<{ exit: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ exit: null, signal: null }));
    child.once('exit', (exit, signal) => resolve({ exit, signal }));
  });
}

/** A command that ended leaves nothing running: whoever wants that starts it in the background. */
function endLeftovers(child: ChildProcess, execution: string): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
  endStrays(execution);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
