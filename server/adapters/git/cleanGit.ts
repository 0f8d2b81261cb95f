import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { isWithin } from '../tools/files/places.ts';
import { findProgram } from '../tools/reports/program.ts';

/** Where git runs, and under what. */
export interface GitRun {
  readonly cwd: string;
  /** The folder whose programs are never started. */
  readonly workspace: string;
  readonly signal: AbortSignal;
  /** Variables beside those of the clean environment, as `GIT_DIR`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Settings beside those that are always set; they outrank the repository's too. */
  readonly settings?: readonly Setting[];
  readonly input?: string | Uint8Array;
  /** The most bytes of output that are kept; by default 64 MiB. */
  readonly most?: number;
  /** How long it may take, in ms; by default two minutes. */
  readonly patience?: number;
}

/** A key of git's configuration, without a `=` in it, and its value. */
export type Setting = readonly [key: string, value: string];

/** How git ended. */
export interface GitEnd {
  readonly code: number;
  readonly output: Buffer;
  readonly complaint: string;
  /** Whether there was more output than is kept. */
  readonly cut: boolean;
}

/**
 * Runs git so that neither the repository's configuration nor the person's starts a program (SECURITY S4). What
 * a driver for single files may start, the caller switches off: by `--no-ext-diff --no-textconv`, and by
 * settings for each filter that is configured.
 */
export async function runGit(args: readonly string[], run: GitRun): Promise<Outcome<GitEnd>> {
  const program = await findProgram('git', run.workspace);
  if (!program) return bad(failures.tool('git was not found.', 'Install git and start the editor again.'));
  if (run.signal.aborted) return bad(stopped);
  const group = process.platform !== 'win32';
  const settings = [...harmless, ...(run.settings ?? [])].flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const child = spawn(program, ['--no-pager', '--no-replace-objects', ...settings, ...args], {
    cwd: run.cwd,
    env: { ...cleanEnvironment(run.workspace), ...run.environment },
    stdio: 'pipe',
    windowsHide: true,
    detached: group,
  });
  const late = AbortSignal.timeout(run.patience ?? 120_000);
  const stop = AbortSignal.any([run.signal, late]);
  const end = () => kill(child.pid, group);
  stop.addEventListener('abort', end, { once: true });
  try {
    const code = new Promise<number>((resolve) => {
      child.once('error', () => resolve(-1));
      child.once('close', (status) => resolve(status ?? -1));
    });
    child.stdin.on('error', () => undefined).end(run.input);
    const [output, complaint] = await Promise.all([
      most(child.stdout, run.most ?? 64 * 1024 * 1024, end),
      most(child.stderr, 64 * 1024),
    ]);
    const status = await code;
    if (run.signal.aborted) return bad(stopped);
    if (late.aborted) return bad(failures.tool('git took too long and was stopped.', 'Ask for less.'));
    return good({
      code: output.cut ? 0 : status,
      output: output.bytes,
      complaint: complaint.bytes.toString('utf8'),
      cut: output.cut,
    });
  } finally {
    stop.removeEventListener('abort', end);
  }
}

/** The text that git answers; where it ends badly, a failure with its own words. */
export async function askGit(args: readonly string[], run: GitRun): Promise<Outcome<string>> {
  const end = await runGit(args, run);
  if (!end.ok) return end;
  if (end.value.code === 0) return good(end.value.output.toString('utf8'));
  return bad(gitFailure(end.value));
}

/** What git said when it ended badly. */
export function gitFailure({ complaint, code }: Pick<GitEnd, 'complaint' | 'code'>) {
  const lines = complaint.split('\n').map((one) => one.trim());
  const first = lines.find((one) => /^(fatal|error):/.test(one)) ?? lines.find(Boolean);
  const said = (first ?? `it ended with ${code}`).slice(0, 500);
  return failures.tool(
    `git says: ${said.replace(/\.$/, '')}.`,
    'Open a folder that is a git repository with commits.',
  );
}

const stopped = failures.cancelled('git was stopped.');

/** No setting of these can start a program, reach a network or lead to another folder. */
const harmless: readonly Setting[] = [
  ['core.fsmonitor', ''],
  ['core.hooksPath', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['core.askPass', ''],
  ['core.sshCommand', 'false'],
  ['core.gitProxy', ''],
  ['core.alternateRefsCommand', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.quotePath', 'false'],
  ['credential.helper', ''],
  ['color.ui', 'false'],
  ['column.ui', 'never'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['gpg.program', 'false'],
  ['gpg.ssh.program', 'false'],
  ['gpg.ssh.defaultKeyCommand', ''],
  ['gpg.x509.program', 'false'],
  ['log.showSignature', 'false'],
  ['log.showRoot', 'true'],
  ['log.mailmap', 'false'],
  ['diff.external', ''],
  ['diff.submodule', 'short'],
  ['diff.ignoreSubmodules', 'all'],
  ['diff.orderFile', '/dev/null'],
  ['diff.noprefix', 'false'],
  ['diff.mnemonicPrefix', 'false'],
  ['submodule.recurse', 'false'],
  ['status.submoduleSummary', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.allow', 'never'],
  ['safe.bareRepository', 'explicit'],
  ['safe.directory', '*'],
];

function cleanEnvironment(workspace: string): Record<string, string> {
  const { PATH = '', SystemRoot } = process.env;
  const folders = PATH.split(path.delimiter).filter(
    (one) => path.isAbsolute(one) && !isWithin(one, workspace),
  );
  return {
    PATH: folders.join(path.delimiter),
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
    GIT_EDITOR: 'false',
  };
}

async function most(
  stream: NodeJS.ReadableStream,
  limit: number,
  full: () => void = () => undefined,
): Promise<{ bytes: Buffer; cut: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (cut) continue;
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
    if (size <= limit) continue;
    cut = true;
    full();
  }
  return { bytes: Buffer.concat(chunks), cut };
}

function kill(pid: number | undefined, group: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(group ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
