import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { findProgram } from './program.ts';

/** Asks git one question in a folder. The repository's own configuration runs nothing (SECURITY S4). */
export async function askGit(
  args: readonly string[],
  { workspace, signal }: { workspace: string; signal: AbortSignal },
): Promise<Outcome<string>> {
  const program = await findProgram('git', workspace);
  if (!program) return bad(failures.tool('git was not found.', 'Install git and start the editor again.'));
  const child = spawn(program, [...harmless, ...args], {
    cwd: workspace,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const ended = new Promise<number>((resolve) => {
      child.once('error', () => resolve(-1));
      child.once('close', (code) => resolve(code ?? -1));
    });
    const [output, complaint] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    const code = await ended;
    if (signal.aborted) return bad(failures.cancelled('git was stopped.'));
    if (code === 0) return good(output);
    const first = complaint.split('\n')[0]?.trim() || `it ended with ${code}`;
    return bad(failures.tool(`git says: ${first}.`, 'Open a folder that is a git repository with commits.'));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Settings on the command line, which outrank those of the repository: no program of its choice is started. */
const harmless = [
  '--no-pager',
  '--no-replace-objects',
  '-c',
  'core.fsmonitor=',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.pager=cat',
  '-c',
  'log.showSignature=false',
  '-c',
  'gpg.program=',
  '-c',
  'diff.external=',
  '-c',
  'protocol.allow=never',
  '-c',
  'core.sshCommand=',
  '-c',
  'safe.bareRepository=explicit',
  '-c',
  'safe.directory=*',
];

const largestOutput = 64 * 1024 * 1024;

function environment(): Record<string, string> {
  const { PATH = '', SystemRoot } = process.env;
  return {
    PATH,
    ...(SystemRoot ? { SystemRoot } : {}),
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_PAGER: 'cat',
  };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) if (text.length < largestOutput) text += chunk;
  return text;
}
