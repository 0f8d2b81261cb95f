import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { askGit, type GitRun, type Setting } from '../../git/cleanGit.ts';
import { isWithin } from '../files/places.ts';

/** A git repository that a workspace lies in, found by us and not by its own configuration. */
export interface Repository {
  /** The folder that holds `.git`; the workspace or one above it. */
  readonly root: string;
  /** Where git keeps what it knows of this folder. */
  readonly gitDir: string;
  /** Asks git about it; a bad end is a failure. */
  ask(args: readonly string[], more?: Partial<GitRun>): Promise<Outcome<string>>;
  /** What git needs to be run by hand. */
  run(more?: Partial<GitRun>): GitRun;
  /** Settings of the repository and the person that say how files and commits are written; none runs anything. */
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * Finds the repository of a workspace. What `.git` leads to must lie below the folder that holds it, or be a
 * worktree that its repository knows, so that no repository reads or writes another one (SECURITY S4, S7).
 */
export async function openRepository(given: {
  readonly workspace: string;
  readonly signal: AbortSignal;
}): Promise<Outcome<Repository>> {
  const { workspace, signal } = given;
  const place = await findGit(workspace);
  if (!place) return bad(noRepository);
  const { root, gitDir } = place;
  if (!(await belongs(root, gitDir))) return bad(elsewhere);
  const environment = { GIT_DIR: gitDir, GIT_WORK_TREE: root };
  const clean: GitRun = { cwd: workspace, workspace, signal, environment };
  const listed = await askGit(['config', '--list', '-z'], { ...clean, patience: 20_000 });
  if (!listed.ok) return listed;
  const repository = new Map(pairsOf(listed.value));
  const person = await personSettings(clean);
  const settings = new Map([...person, ...repository].filter(([key]) => wanted.has(key)));
  const drivers = [...repository.keys()].flatMap(filterOf);
  if (drivers.some((name) => name.includes('='))) return bad(strange);
  const switched = [...drivers.flatMap(switchedOff), ...[...person].filter(([key]) => !repository.has(key))];
  const run = (more: Partial<GitRun> = {}): GitRun => ({
    ...clean,
    ...more,
    environment: { ...environment, ...more.environment },
    settings: [...switched, ...(more.settings ?? [])],
  });
  return good({ root, gitDir, settings, run, ask: (args, more) => askGit(args, run(more)) });
}

/** The repository of a workspace that is to be changed: only one whose whole folder is the workspace. */
export async function openWhole(given: Parameters<typeof openRepository>[0]): Promise<Outcome<Repository>> {
  const opened = await openRepository(given);
  if (!opened.ok) return opened;
  const { root, gitDir, settings } = opened.value;
  if (root !== given.workspace) return bad(elsewhere);
  if (settings.get('core.sparsecheckout') === 'true') return bad(sparse);
  for (const name of halfDone) {
    if (await stat(path.join(gitDir, name)).catch(() => null)) return bad(inTheMiddle);
  }
  return opened;
}

/** What git keeps while a merge or the like is not finished, which a plain commit would tear apart. */
const halfDone = [
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'rebase-merge',
  'rebase-apply',
  'BISECT_LOG',
];
const inTheMiddle = failures.conflict(
  'A merge, rebase or the like is not finished.',
  'Finish it or give it up by hand, then try again.',
);
const sparse = failures.denied(
  'Only some of the files of this repository are checked out.',
  'Do this one by hand in a terminal.',
);

const noRepository = failures.tool(
  'The workspace is in no git repository.',
  'Open a folder that is one, or make one by hand with: git init.',
);
const elsewhere = failures.denied(
  'The git repository of this folder lies somewhere else.',
  'Open the folder in which the repository itself lies.',
);

const strange = failures.denied(
  'The repository names a filter in a way that cannot be switched off.',
  'Take it out of the configuration of the repository by hand.',
);

/** Settings of a person that count, for they say who commits and how text is kept. */
const wanted: ReadonlySet<string> = new Set([
  ...['user.name', 'user.email', 'core.autocrlf', 'core.eol', 'core.excludesfile', 'core.sparsecheckout'],
]);

async function personSettings(clean: GitRun): Promise<Map<string, string>> {
  const { HOME, USERPROFILE, XDG_CONFIG_HOME } = process.env;
  const own = { HOME, USERPROFILE, XDG_CONFIG_HOME };
  const named = Object.entries(own).flatMap(([key, value]) => (value ? [[key, value] as const] : []));
  const home = HOME ?? USERPROFILE;
  if (!home) return new Map();
  const environment = { ...clean.environment, ...Object.fromEntries(named) };
  const list = async (file: string) => {
    const listed = await askGit(['config', '--file', file, '--includes', '--list', '-z'], {
      ...clean,
      environment,
      patience: 20_000,
    });
    return listed.ok ? pairsOf(listed.value) : [];
  };
  const under = XDG_CONFIG_HOME ?? path.join(home, '.config');
  const files = [path.join(under, 'git', 'config'), path.join(home, '.gitconfig')];
  const found = new Map((await Promise.all(files.map(list))).flat().filter(([key]) => wanted.has(key)));
  const ignore = found.get('core.excludesfile')?.replace(/^~(?=\/)/, home);
  found.set('core.excludesfile', ignore ?? path.join(under, 'git', 'ignore'));
  return found;
}

function pairsOf(listed: string): Setting[] {
  return listed
    .split('\0')
    .filter(Boolean)
    .map((one) => {
      const end = one.indexOf('\n');
      return end < 0 ? [one, 'true'] : [one.slice(0, end), one.slice(end + 1)];
    });
}

/** The name of the filter that a key configures. */
function filterOf(key: string): string[] {
  return /^filter\.([\s\S]+)\.(clean|smudge|process|required)$/.exec(key)?.slice(1, 2) ?? [];
}

/** A filter without a program changes nothing and starts nothing. */
function switchedOff(name: string): Setting[] {
  return [
    [`filter.${name}.clean`, ''],
    [`filter.${name}.smudge`, ''],
    [`filter.${name}.process`, ''],
    [`filter.${name}.required`, 'false'],
  ];
}

async function findGit(workspace: string): Promise<{ root: string; gitDir: string } | null> {
  for (let root = workspace; ; root = path.dirname(root)) {
    const at = path.join(root, '.git');
    const found = await stat(at).catch(() => null);
    if (found?.isDirectory()) return { root, gitDir: await realpath(at) };
    if (found?.isFile() && found.size < 4096) {
      const leads = /^gitdir: (.+)$/m.exec(await readFile(at, 'utf8'))?.[1]?.trim();
      const real = leads && (await realpath(path.resolve(root, leads)).catch(() => null));
      return real ? { root, gitDir: real } : null;
    }
    if (path.dirname(root) === root) return null;
  }
}

/** The parts of a repository through which it could lead elsewhere. */
const parts = [
  ...['HEAD', 'index', 'objects', 'objects/info', 'objects/pack', 'refs', 'refs/heads', 'refs/tags'],
  ...['packed-refs', 'logs', 'logs/HEAD', 'logs/refs', 'logs/refs/heads', 'info', 'info/attributes'],
];

async function belongs(root: string, gitDir: string): Promise<boolean> {
  const shared = await readFile(path.join(gitDir, 'commondir'), 'utf8').catch(() => null);
  const named = shared === null ? gitDir : path.resolve(gitDir, shared.trim());
  const common = await realpath(named).catch(() => null);
  if (common === null) return false;
  const inside = isWithin(gitDir, root) && isWithin(common, root);
  if (!inside && !(await isWorktree(root, gitDir, common))) return false;
  for (const folder of new Set([gitDir, common])) {
    for (const part of parts) {
      const real = await realpath(path.join(folder, part)).catch(() => null);
      if (real !== null && !isWithin(real, common) && !isWithin(real, gitDir)) return false;
    }
  }
  return true;
}

/** Whether the repository names this folder as a worktree of its own: only who may write there can say so. */
async function isWorktree(root: string, gitDir: string, common: string): Promise<boolean> {
  if (path.dirname(gitDir) !== path.join(common, 'worktrees')) return false;
  const back = await readFile(path.join(gitDir, 'gitdir'), 'utf8').catch(() => '');
  const real = await realpath(back.trim()).catch(() => null);
  return real !== null && real === (await realpath(path.join(root, '.git')).catch(() => ''));
}
