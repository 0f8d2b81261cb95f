import type { Reconciliation, ToolResult } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { type Draft, draftTree, type Head, headOf } from './commits.ts';
import type { Repository } from './repository.ts';

/** A commit that is worked out and not made yet. */
export interface Work {
  readonly repository: Repository;
  readonly head: Head;
  readonly draft: Draft;
  /** Relative to the workspace. */
  readonly paths: readonly string[];
}

/**
 * Makes a commit that is worked out. The branch moves last and only from where it stood, so that a crash before
 * it leaves at most files that are staged. The message's last line names the execution.
 */
export async function writeCommit(
  { repository, head, draft, paths }: Work,
  message: string,
  execution: string,
): Promise<Outcome<ToolResult>> {
  const { ask, settings } = repository;
  const person = identityOf(settings);
  if (!person.ok) return person;
  const kept = await draftTree(repository, paths, head.commit, { keep: true });
  if (!kept.ok) return kept;
  if (kept.value.tree !== draft.tree) return bad(changedSince);
  const above = head.commit ? ['-p', head.commit] : [];
  const input = `${message}${endsInTrailers(message) ? '\n' : '\n\n'}${trailer}${execution}\n`;
  const made = await ask(['commit-tree', draft.tree, ...above], { input, environment: person.value });
  if (!made.ok) return made;
  const staged = await ask(['add', '-A', '--', ...paths], { environment: { GIT_LITERAL_PATHSPECS: '1' } });
  if (!staged.ok) return staged;
  const commit = made.value.trim();
  const branch = head.branch ?? '';
  const subject = `commit: ${message.split('\n')[0]}`;
  const moved = await moveBranch(
    repository,
    branch,
    { from: head.commit, to: commit },
    subject,
    person.value,
  );
  return moved.ok ? good(resultOf(branch, commit, head.commit)) : moved;
}

/** Moves a branch from where it must stand; nothing where it has moved already. */
export async function moveBranch(
  { ask }: Repository,
  branch: string,
  { from, to }: { from: string | null; to: string | null },
  why = 'moved by the butler',
  environment: Readonly<Record<string, string>> = identity,
): Promise<Outcome<void>> {
  const at = await ask(['rev-parse', '--verify', '-q', branch]);
  const stands = at.ok ? at.value.trim() : null;
  if (stands === to) return good(undefined);
  if (stands !== from) return bad(movedOn);
  const none = '0'.repeat((from ?? to ?? '').length);
  const args = to === null ? ['-d', branch, from ?? none] : [branch, to, from ?? none];
  const moved = await ask(['update-ref', '-m', why.slice(0, 200), ...args], { environment });
  return moved.ok ? good(undefined) : moved;
}

/** Whether the commit of an execution is in the history, and what undoes it. */
export async function commitMade(repository: Repository, execution: string): Promise<Reconciliation> {
  const { branch, commit: head } = await headOf(repository);
  if (!branch || !head) return { state: 'notDone' };
  const named = `${trailer}${execution}`;
  const args = ['log', '-1', '-F', `--grep=${named}`, '--format=%H %P', '--end-of-options', 'HEAD', '--'];
  const found = await repository.ask(args);
  if (!found.ok) return { state: 'unknown' };
  const [commit, parent = null] = found.value.trim().split(' ').filter(Boolean);
  return commit ? { state: 'done', result: resultOf(branch, commit, parent) } : { state: 'notDone' };
}

const trailer = 'Butler-Execution: ';

function resultOf(branch: string, commit: string, parent: string | null): ToolResult {
  const name = branch.replace('refs/heads/', '');
  return {
    output: `Committed ${commit.slice(0, 10)} on ${name}; hooks were not run and nothing was signed or pushed.`,
    undo: { branch, commit, parent },
  };
}

function endsInTrailers(message: string): boolean {
  const last = message.trimEnd().split(/\n\s*\n/);
  return last.length > 1 && (last.at(-1) ?? '').split('\n').every((line) => /^[A-Za-z][\w-]*: /.test(line));
}

/** Who moves a branch, for git's own log. */
const identity = {
  GIT_COMMITTER_NAME: 'Virtual Butler',
  GIT_COMMITTER_EMAIL: 'butler@localhost',
};

function identityOf(settings: ReadonlyMap<string, string>): Outcome<Record<string, string>> {
  const [name, email] = [settings.get('user.name'), settings.get('user.email')];
  if (!name || !email) return bad(nobody);
  return good({
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  });
}

const nobody = failures.tool(
  'git does not know who commits.',
  'Say it once in a terminal: git config --global user.name and git config --global user.email.',
);
const changedSince = failures.conflict(
  'The files changed since they were looked at.',
  'Look at git anew, then commit.',
);
const movedOn = failures.conflict(
  'The branch moved on since then.',
  'It was left as it is; look at it, and take the commit back by hand with: git revert.',
);
