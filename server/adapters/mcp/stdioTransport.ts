import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { endStrays, signalTo } from '../runtimes/pi/strays.ts';
import { type Guard, startGuard } from './guard.ts';
import { lineCutter } from './lines.ts';
import type { Start } from './program.ts';

/** A program that speaks in lines over its input and output, in a process group of its own. */
export interface ProgramTransport extends Transport {
  /** How it ended and what it complained of last, in words; empty while it runs. */
  complaint(): string;
}

/** Lines that are no message are passed over, so many of them in a row: some programs print what they do. */
const mostUnreadable = 200;

/** How long a program may take to end after its input did, and after it was told to, in ms. */
const graces = [1_000, 500] as const;

/** The longest complaint that is remembered, in characters. */
const longestComplaint = 2_000;

const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe'];

/** How long after its end what a program said last may still come, in ms. */
const lastWords = 200;

/** Starts the program with `start`; whatever happens to this worker, all that it started ends too. */
export function programTransport(start: Start, args: readonly string[]): ProgramTransport {
  let running: Running | null = null;
  const transport: ProgramTransport = {
    complaint: () => [running?.end, lastLine(running?.words ?? '')].filter(Boolean).join(': '),
    start: async () => {
      running = launch(start, args, transport);
      await started(running.child);
    },
    send: (message) => write(running?.child ?? null, message),
    close: async () => {
      if (running) await close(running);
    },
  };
  return transport;
}

/** A program that was started. */
interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when it is gone, and all that it said was heard. */
  readonly over: Promise<void>;
  /** Ends what went into process groups of its own. */
  tidy(): Promise<void>;
  /** How it ended; empty while it runs. */
  end: string;
  /** The newest of what it complained of. */
  words: string;
}

function launch({ program, cwd, env }: Start, args: readonly string[], transport: Transport): Running {
  const mark = randomUUID();
  const guard = startGuard();
  const detached = process.platform !== 'win32';
  const options = { cwd, env: { ...env, BUTLER_SERVER: mark }, detached, windowsHide: true };
  const child = spawned(() => spawn(program, [...args], { ...options, stdio }), guard);
  const over = Promise.withResolvers<void>();
  // Who cannot be looked at cannot be ended either.
  const tidy = () => endStrays(mark).catch(() => undefined);
  const running: Running = { child, over: over.promise, tidy, end: '', words: '' };
  if (child.pid !== undefined) guard.watch(child.pid, mark);
  child.stdin.on('error', () => undefined);
  listen(child, transport);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    running.words = (running.words + text).slice(-longestComplaint);
  });
  let isOver = false;
  const finish = () => {
    if (isOver) return;
    isOver = true;
    guard.dismiss();
    over.resolve();
    transport.onclose?.();
  };
  child.once('error', (error) => {
    running.end = error.message;
    finish();
  });
  child.once('exit', (code, signal) => {
    running.end = `it ended with ${signal ?? `status ${code}`}`;
    endGroup(child, 'SIGKILL');
    void tidy();
    const heard = once(child, 'close').catch(() => undefined);
    void Promise.race([heard, pause(lastWords, undefined, { ref: false })]).then(finish);
  });
  return running;
}

/** Ends it: its input first, then politely, then for good. */
async function close(running: Running): Promise<void> {
  const { child, over, tidy } = running;
  child.stdin.end();
  for (const [index, grace] of graces.entries()) {
    await Promise.race([over, pause(grace, undefined, { ref: false })]);
    if (running.end === '') endGroup(child, index === 0 ? 'SIGTERM' : 'SIGKILL');
  }
  await Promise.race([over, pause(graces[1], undefined, { ref: false })]);
  await tidy();
  child.stdout.destroy();
  child.stderr.destroy();
}

/** A program that cannot even be named leaves no guard behind. */
function spawned<T>(begin: () => T, guard: Guard): T {
  try {
    return begin();
  } catch (error) {
    guard.dismiss();
    throw error;
  }
}

function started(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

/** Hands on what the program says; one that says nothing that can be read is ended. */
function listen(child: ChildProcessWithoutNullStreams, transport: Transport): void {
  let unreadable = 0;
  const give = lineCutter((line) => {
    const message = readMessage(line);
    unreadable = message ? 0 : unreadable + 1;
    if (message) transport.onmessage?.(message);
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (give(text) && unreadable <= mostUnreadable) return;
    child.stdout.removeAllListeners('data').resume();
    transport.onerror?.(new Error('it says what cannot be read'));
    void transport.close();
  });
}

function readMessage(line: string): JSONRPCMessage | null {
  try {
    const read = JSONRPCMessageSchema.safeParse(JSON.parse(line));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

async function write(child: ChildProcessWithoutNullStreams | null, message: JSONRPCMessage): Promise<void> {
  if (!child?.stdin.writable) throw new Error('it has ended');
  const { stdin } = child;
  await new Promise<void>((resolve) => {
    stdin.write(`${JSON.stringify(message)}\n`, () => resolve());
  });
}

/** Signals the whole group, also where its leader is gone already. */
function endGroup({ pid }: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    signalTo(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // A group that is no longer ours needs no end.
  }
}

function lastLine(words: string): string {
  return words.trim().split('\n').at(-1)?.slice(-300) ?? '';
}
