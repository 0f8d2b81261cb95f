import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import type { Repository } from './repository.ts';

/** Where the repository stands. */
export interface Head {
  /** `refs/heads/main`; `null` where no branch is checked out. */
  readonly branch: string | null;
  /** The commit; `null` before the first. */
  readonly commit: string | null;
}

/** Where the repository stands now. */
export async function headOf({ ask }: Repository): Promise<Head> {
  const [branch, commit] = [
    await ask(['symbolic-ref', '-q', 'HEAD']),
    await ask(['rev-parse', '--verify', '-q', 'HEAD^{commit}']),
  ];
  return { branch: branch.ok ? branch.value.trim() : null, commit: commit.ok ? commit.value.trim() : null };
}

/** A tree that a commit would have, and how its paths differ from the commit before. */
export interface Draft {
  readonly tree: string;
  readonly changes: readonly Change[];
}

/** One path of a commit or a switch. */
export interface Change {
  /** As git has it: `A`, `M`, `D`, `T`. */
  readonly how: string;
  /** Relative to the repository's root. */
  readonly path: string;
}

/**
 * The tree of what stands in the files of these paths over the commit before, as `git commit --only` would make
 * it. The index stays as it is, and with it the repository, unless the objects are to be kept.
 */
export async function draftTree(
  repository: Repository,
  paths: readonly string[],
  parent: string | null,
  { keep = false }: { keep?: boolean } = {},
): Promise<Outcome<Draft>> {
  const { ask } = repository;
  const real = await ask(['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  if (!real.ok) return real;
  const folder = await mkdtemp(path.join(tmpdir(), 'butler-git-'));
  try {
    const apart = {
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(real.value.replace(/\n$/, '')),
    };
    const environment = {
      GIT_INDEX_FILE: path.join(folder, 'index'),
      GIT_LITERAL_PATHSPECS: '1',
      ...(keep ? {} : apart),
    };
    const base = await readBase(repository, parent, environment);
    if (!base.ok) return base;
    const added = await ask(['add', '-A', '--', ...paths], { environment });
    if (!added.ok) return added;
    const tree = await ask(['write-tree'], { environment });
    if (!tree.ok) return tree;
    const before = parent ?? emptyTree(tree.value.trim());
    const changes = await changesBetween(repository, before, tree.value.trim(), environment);
    return changes.ok ? good({ tree: tree.value.trim(), changes: changes.value }) : changes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Fills an index with a commit; what the repository's own index knows of files that stand as there is taken over. */
async function readBase(
  { ask, gitDir }: Repository,
  parent: string | null,
  environment: { readonly GIT_INDEX_FILE: string },
): Promise<Outcome<string>> {
  if (parent === null) return ask(['read-tree', '--empty'], { environment });
  const copied = await copyFile(path.join(gitDir, 'index'), environment.GIT_INDEX_FILE).then(
    () => ask(['read-tree', '-m', parent], { environment }),
    () => null,
  );
  if (copied?.ok) return copied;
  await rm(environment.GIT_INDEX_FILE, { force: true });
  return ask(['read-tree', parent], { environment });
}

/** How the paths of two trees differ. */
export async function changesBetween(
  { ask }: Repository,
  before: string,
  after: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome<Change[]>> {
  const args = ['diff-tree', '-r', '-z', '--name-status', '--no-renames', '--no-ext-diff', before, after];
  const listed = await ask(args, { environment });
  if (!listed.ok) return listed;
  const words = listed.value.split('\0').filter(Boolean);
  const changes: Change[] = [];
  for (let at = 0; at + 1 < words.length; at += 2)
    changes.push({ how: words[at] ?? '', path: words[at + 1] ?? '' });
  return good(changes);
}

/**
 * Fails where one of the changed paths goes through a filter, as those of Git LFS do: filters are programs that
 * the repository names, so none is started, and without it the wrong bytes would be kept.
 */
export async function unfiltered(
  { ask }: Repository,
  changes: readonly Change[],
  tree?: string,
): Promise<Outcome<void>> {
  const input = changes.map((one) => `${one.path}\0`).join('');
  const folder = tree === undefined ? null : await mkdtemp(path.join(tmpdir(), 'butler-git-'));
  try {
    const environment = folder ? { GIT_INDEX_FILE: path.join(folder, 'index') } : {};
    const base = tree === undefined ? good('') : await ask(['read-tree', tree], { environment });
    if (!base.ok) return base;
    const cached = tree === undefined ? [] : ['--cached'];
    const checked = await ask(['check-attr', '-z', ...cached, '--stdin', 'filter'], { input, environment });
    if (!checked.ok) return checked;
    const words = checked.value.split('\0');
    const at = words.findIndex(
      (word, place) => place % 3 === 2 && word !== 'unspecified' && word !== 'unset',
    );
    return at < 0 ? good(undefined) : bad(filtered(words[at - 2] ?? '', words[at] ?? ''));
  } finally {
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}

function filtered(file: string, filter: string) {
  return failures.denied(
    `${file} goes through the filter "${filter.slice(0, 60)}", which is a program that is not started.`,
    'Do this one by hand in a terminal.',
  );
}

/** The tree with nothing in it, in the repository's kind of digest. */
function emptyTree(like: string): string {
  return like.length === 64
    ? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
    : '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
}

/** A path in the list of alternates, where `:` and `;` part them. */
function quoted(folder: string): string {
  return /[:;"\\\n]/.test(folder) && process.platform !== 'win32' ? JSON.stringify(folder) : folder;
}
