import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';

/** One run of ripgrep: its answers one by one until `take` says that it has enough. */
export interface RipgrepRun {
  readonly rg: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** What stands between two answers. */
  readonly between: '\0' | '\n';
  /** Takes one answer; `false` ends the run. */
  take(answer: string): boolean;
}

/** The name of the file that a published folder carries. */
export const publishMarker = '.butler-publish.json';

/** Options of every run: nothing read from configuration, ignore files respected with and without git. */
const always = ['--no-config', '--no-require-git', '--color=never', '--no-messages', '--sort=path'];

/** Runs ripgrep to its end, or until enough was taken; a fault in a pattern is `invalid`. */
export async function ripgrep(run: RipgrepRun): Promise<Outcome<{ cut: boolean }>> {
  if (run.signal.aborted) return bad(failures.cancelled('The search was stopped.'));
  const child = spawn(run.rg, [...always, ...run.args], {
    cwd: run.cwd,
    env: process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {},
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = () => child.kill('SIGKILL');
  run.signal.addEventListener('abort', stop, { once: true });
  try {
    const ended = new Promise<number | Error>((resolve) => {
      child.once('error', resolve);
      child.once('close', (code) => resolve(code ?? -1));
    });
    const complaints = firstText(child.stderr);
    const cut = !(await takeAll(child.stdout, run));
    if (cut) stop();
    const code = await ended;
    if (run.signal.aborted) return bad(failures.cancelled('The search was stopped.'));
    if (code instanceof Error) {
      return bad(
        failures.tool(`The search program did not start: ${code.message}.`, 'Install the extension again.'),
      );
    }
    const complaint = code === 2 && !cut ? await complaints : '';
    return complaint ? bad(wrongPattern(complaint)) : good({ cut });
  } finally {
    run.signal.removeEventListener('abort', stop);
  }
}

/** What to list: files below a folder that no ignore file hides. */
export interface Listing {
  readonly rg: string;
  readonly workspace: string;
  /** Relative to the workspace, `.` for all of it. */
  readonly folder: string;
  readonly glob?: string | undefined;
  /** Whether names that begin with a dot are listed; `.git` never is. */
  readonly hidden: boolean;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Lists files, relative to the workspace with `/`, in order; a glob narrows the list and never widens it. */
export async function listVisible(listing: Listing): Promise<Outcome<{ files: string[]; cut: boolean }>> {
  const { glob, limit, ...rest } = listing;
  const all = await listOnce(rest, glob ? Number.POSITIVE_INFINITY : limit);
  if (!all.ok || !glob) return all;
  const chosen = await listOnce({ ...rest, glob }, Number.POSITIVE_INFINITY);
  if (!chosen.ok) return chosen;
  const visible = new Set(all.value.files);
  const files = chosen.value.files.filter((file) => visible.has(file));
  return good({ files: files.slice(0, limit), cut: files.length > limit });
}

/**
 * Lists the files that a report is made of: what is visible, without packages of others, which a workspace without
 * ignore files shows too, and without what the butler itself published.
 */
export async function listSources(listing: Omit<Listing, 'hidden' | 'limit'>): Promise<Outcome<string[]>> {
  const all = await listVisible({ ...listing, hidden: false, limit: Number.POSITIVE_INFINITY });
  if (!all.ok) return all;
  const own = all.value.files.filter((file) => !isOfPackage(file));
  const files = own.slice(0, 100_000);
  const folders = new Set(files.flatMap((file) => parentsOf(file)));
  const published: string[] = [];
  await Promise.all(
    [...folders].map((folder) =>
      access(path.join(listing.workspace, folder, publishMarker)).then(
        () => published.push(folder),
        () => {},
      ),
    ),
  );
  return good(files.filter((file) => !published.some((folder) => file.startsWith(`${folder}/`))));
}

async function listOnce(
  { rg, workspace, folder, hidden, signal, glob }: Omit<Listing, 'limit'>,
  limit: number,
): Promise<Outcome<{ files: string[]; cut: boolean }>> {
  const files: string[] = [];
  const found = await ripgrep({
    rg,
    cwd: workspace,
    signal,
    between: '\0',
    args: ['--files', '--null', ...scope({ hidden, glob }), '--', `./${folder}`],
    take: (file) => {
      if (files.length >= limit) return false;
      files.push(plainName(file));
      return true;
    },
  });
  return found.ok ? good({ files, cut: found.value.cut }) : found;
}

/** The options that say which files count. */
export function scope({ hidden, glob }: { hidden: boolean; glob?: string | undefined }): string[] {
  return [...(hidden ? ['--hidden'] : []), ...(glob ? [`--glob=${glob}`] : []), '--glob=!.git'];
}

/** A file as ripgrep names it, relative to the workspace with `/`. */
export function plainName(file: string): string {
  return path.normalize(file).split(path.sep).join('/');
}

async function takeAll(output: NodeJS.ReadableStream, run: RipgrepRun): Promise<boolean> {
  let rest = '';
  output.setEncoding('utf8');
  for await (const chunk of output) {
    const pieces = (rest + chunk).split(run.between);
    rest = pieces.pop() ?? '';
    for (const piece of pieces) if (!run.take(piece)) return false;
  }
  return rest === '' || run.take(rest);
}

async function firstText(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) if (text.length < 2000) text += chunk;
  return text.slice(0, 2000);
}

function wrongPattern(complaint: string) {
  const line = complaint.split('\n').findLast((one) => one.trim() !== '') ?? complaint;
  const what = `The pattern does not work: ${line.replace(/^(rg|error): /g, '').trim()}`;
  return failures.invalid('pattern', what, 'Correct the pattern, or set "literal".');
}

function isOfPackage(file: string): boolean {
  return file.split('/').includes('node_modules');
}

function parentsOf(file: string): string[] {
  const names = file.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
