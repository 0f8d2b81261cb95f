import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { endStrays, signalTo } from './strays.ts';

/** A pi that runs, in a process group of its own. */
export interface PiProcess {
  /** What it writes, line by line; ends when it does. Throws `LineTooLong`. */
  readonly lines: AsyncIterable<string>;
  /** How it ended, in words. */
  readonly ended: Promise<string>;
  send(record: Readonly<Record<string, unknown>>): void;
  /** Ends it with all that it started: within the grace it may do that itself. */
  end(grace: number): Promise<void>;
}

/** Thrown where a line has no end in sight. */
export class LineTooLong extends Error {}

/** Starts the program; `mark` is text that stands in the environment of all that it starts, and nowhere else. */
export function startPi(
  { program, args, mark }: { program: string; args: readonly string[]; mark: string },
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): PiProcess {
  const child = spawn(program, [...args], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const complaint = lastLineOf(child);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`${signal ?? `status ${code}`}${complaint()}`));
  });
  // What is written to a process that has just ended is lost; that it ended is told by `ended`.
  child.stdin.on('error', () => undefined);
  return {
    lines: linesOf(child.stdout),
    ended,
    send: (record) => void child.stdin.write(`${JSON.stringify(record)}\n`),
    end: async (grace) => {
      child.stdin.end();
      await Promise.race([ended, pause(grace)]);
      signalGroup(child, 'SIGTERM');
      await Promise.race([ended, pause(lastGrace)]);
      signalGroup(child, 'SIGKILL');
      await Promise.race([ended, pause(lastGrace)]);
      child.stdout.destroy();
      await endStrays(mark);
    },
  };
}

/** How long pi may take to end after it was told to, in ms; then it is ended. */
const lastGrace = 250;

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  signalTo(process.platform === 'win32' ? child.pid : -child.pid, signal);
}

/** The longest line that is read, in characters: more than any tool may be handed. */
const longestLine = 16 * 1024 * 1024;

/** Lines end with a line feed and nothing else: other separators may stand in a JSON text. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const [first = '', ...rest] = String(chunk).split('\n');
    pieces.push(first);
    length += first.length;
    if (length > longestLine) throw new LineTooLong();
    for (const piece of rest) {
      yield pieces.join('');
      pieces = [piece];
      length = piece.length;
    }
  }
}

/** The longest complaint that is told, in characters. */
const longestComplaint = 300;

/** Keeps the last of what the process complains of. */
function lastLineOf(child: ChildProcessWithoutNullStreams): () => string {
  let last = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    last = (last + text).slice(-4 * longestComplaint);
  });
  return () => {
    const line = last.trim().split('\n').at(-1)?.slice(-longestComplaint) ?? '';
    return line === '' ? '' : `: ${line}`;
  };
}
