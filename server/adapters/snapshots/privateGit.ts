import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';

/** A git repository of our own, which no folder of a person's knows of. */
export interface PrivateGit {
  /** Absolute path of git. */
  readonly program: string;
  /** Absolute path of the repository. */
  readonly folder: string;
}

/** One question to it about a folder. */
export interface Question {
  readonly args: readonly string[];
  /** Where git works; names are given and answered relative to it. */
  readonly cwd: string;
  /** The folder from which ignore files count: the one that holds `cwd`'s own repository, or `cwd` itself. */
  readonly top: string;
  /** The index file, so that several folders have one each. */
  readonly index: string;
  /** Names for its input, each of their bytes as one character. */
  readonly names?: readonly string[];
  readonly signal: AbortSignal;
}

/** Asks git, and answers what it wrote with each byte as one character. Nothing that a folder holds is run. */
export async function askPrivately(git: PrivateGit, question: Question): Promise<Outcome<string>> {
  const { args, cwd, names = [], signal } = question;
  const child = spawn(git.program, [...harmless, ...args], {
    cwd,
    env: environment(git, question),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    child.stdin.on('error', () => {});
    child.stdin.end(Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1'));
    const ended = codeOf(child);
    const [output, complaint] = await Promise.all([bytesOf(child.stdout, stop), bytesOf(child.stderr, stop)]);
    const code = await ended;
    if (output.length > largestAnswer) return bad(failures.tool('There are too many files.', mend));
    if (signal.aborted) return bad(failures.cancelled('Keeping how the workspace stands was stopped.'));
    if (code === 0) return good(output.toString('latin1'));
    const first = complaint.toString('utf8').split('\n')[0]?.trim() || `it ended with ${code}`;
    return bad(failures.tool(`git says: ${first}.`, mend));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The names in an answer whose parts end with a zero byte. */
export function namesIn(answer: string): string[] {
  return answer.split('\0').slice(0, -1);
}

/** Settings on the command line, which outrank any other: no program of a folder's choice is started. */
export const harmless = [
  '--no-pager',
  '--no-replace-objects',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.autocrlf=false',
    'core.safecrlf=false',
    'core.attributesFile=/dev/null',
    'core.untrackedCache=false',
    'core.splitIndex=false',
    'core.sparseCheckout=false',
    'core.protectNTFS=false',
    'core.protectHFS=false',
    'core.quotePath=false',
    'core.compression=1',
    'core.filemode=true',
    'core.ignorecase=false',
    'core.precomposeUnicode=false',
    ...(process.platform === 'win32' ? [] : ['core.symlinks=true']),
    'gc.auto=0',
    'index.threads=1',
    'protocol.allow=never',
    'safe.directory=*',
  ].flatMap((setting) => ['-c', setting]),
];

/** The environment of every git that is started here: nothing of the person's, of the system's or of a folder's. */
export function environment(
  { folder }: PrivateGit,
  place?: Pick<Question, 'top' | 'index'>,
): Record<string, string> {
  const { PATH = '', SystemRoot } = process.env;
  return {
    PATH,
    ...(SystemRoot ? { SystemRoot } : {}),
    LC_ALL: 'C',
    GIT_DIR: folder,
    ...(place ? { GIT_WORK_TREE: place.top, GIT_INDEX_FILE: place.index } : {}),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

const mend = 'Mend that, or take back by hand what commands do.';
const largestAnswer = 32 * 1024 * 1024;

function codeOf(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', (code) => resolve(code ?? -1));
  });
}

async function bytesOf(stream: NodeJS.ReadableStream, stop: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size <= largestAnswer) continue;
    stop();
    break;
  }
  return Buffer.concat(chunks);
}
