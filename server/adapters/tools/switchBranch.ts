import path from 'node:path';
import * as z from 'zod';
import { isGuarded } from '../../core/policy/protections.ts';
import type { Tool, ToolContext, ToolResult } from '../../core/ports/tool.ts';
import type { Effect } from '../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { type Change, changesBetween, headOf, unfiltered } from './gitTool/commits.ts';
import { moveBranch } from './gitTool/history.ts';
import { openWhole, type Repository } from './gitTool/repository.ts';

const Input = z.strictObject({
  name: z.string().refine((text) => /^\w[\w./+-]{0,199}$/.test(text), 'must be the name of a branch'),
  create: z.boolean().default(false),
});
type Input = z.infer<typeof Input>;

const Hash = z.string().regex(/^[0-9a-f]{40,64}$/);
const Undo = z.strictObject({ from: z.string(), to: z.string(), commit: Hash, created: z.boolean() });

/** Switches the workspace to a branch, or to a new one that begins where it stands. */
export const switchBranch: Tool<Input> = {
  name: 'switch_branch',
  description: 'Switches to a git branch, or makes one.',
  input: Input,
  needs: [
    { permission: 'read', reason: 'To see which branches there are.' },
    { permission: 'write', reason: 'To make the branch, and to bring its files into the workspace.' },
    { permission: 'delete', reason: 'To take files away that the other branch does not have.' },
  ],
  repeatable: false,
  async plan(input, context) {
    const work = await workOf(input, context);
    if (!work.ok) return work;
    const { repository, changes, exactly } = work.value;
    const files = changes.map(({ how, path: file }) => `${how} ${file}`);
    const shown = `git: switch to ${input.name}`;
    const root = repository.root.split(path.sep).join('/');
    return good({
      title: `${input.create ? 'Make and switch' : 'Switch'} to branch ${input.name}`,
      effects: [
        { kind: 'write', path: root, shown, place: 'workspace', reversible: true },
        ...guardedEffects(root, changes),
      ],
      exactly,
      preview: { kind: 'text', text: files.join('\n') || 'No file changes.' },
    });
  },
  async run(input, plan, context) {
    const work = await workOf(input, context);
    if (!work.ok) return work;
    const { repository, exactly } = work.value;
    if (JSON.stringify(exactly) !== JSON.stringify(plan.exactly)) return bad(changedSince);
    if (context.signal.aborted) return bad(failures.cancelled('The branch was not switched.'));
    const create = input.create ? ['-c'] : [];
    const switched = await change(repository, [...create, input.name]);
    return switched.ok ? good(resultOf(exactly)) : switched;
  },
  async undo(given, context) {
    const { from, to, commit, created } = Undo.parse(given);
    const opened = await openWhole(context);
    if (!opened.ok) return opened;
    const repository = opened.value;
    const head = await headOf(repository);
    if (head.branch === full(to)) {
      if (created && head.commit !== commit) return bad(movedOn);
      const back = await change(repository, [from]);
      if (!back.ok) return bad(failures.conflict(back.failure.what, movedOn.mend));
    } else if (head.branch !== full(from)) return bad(movedOn);
    return created ? moveBranch(repository, full(to), { from: commit, to: null }) : good(undefined);
  },
  async reconcile({ name, create }, context) {
    const opened = await openWhole(context);
    if (!opened.ok) return { state: 'unknown' };
    const head = await headOf(opened.value);
    if (head.branch !== full(name) || !head.commit) return { state: 'notDone' };
    const before = await opened.value.ask(['rev-parse', '--abbrev-ref', '@{-1}']);
    if (!before.ok) return { state: 'unknown' };
    const undo = { from: before.value.trim(), to: name, commit: head.commit, created: create };
    return { state: 'done', result: resultOf(undo) };
  },
};

interface Work {
  readonly repository: Repository;
  readonly changes: readonly Change[];
  readonly exactly: z.infer<typeof Undo>;
}

async function workOf({ name, create }: Input, context: ToolContext): Promise<Outcome<Work>> {
  const opened = await openWhole(context);
  if (!opened.ok) return opened;
  const repository = opened.value;
  const head = await headOf(repository);
  if (!head.branch || !head.commit) return bad(failures.conflict('No branch is checked out.', look));
  const from = head.branch.replace('refs/heads/', '');
  if (from === name) return bad(wrongName(`The branch ${name} is checked out already.`));
  const found = await repository.ask(['rev-parse', '--verify', '-q', `${full(name)}^{commit}`]);
  if (create === found.ok) {
    return bad(wrongName(`There is ${create ? 'already a' : 'no'} branch ${name}.`));
  }
  const commit = found.ok ? found.value.trim() : head.commit;
  const changes = await changesBetween(repository, head.commit, commit);
  if (!changes.ok) return changes;
  for (const tree of [head.commit, commit]) {
    const whole =
      changes.value.length > 0 ? await unfiltered(repository, changes.value, tree) : good(undefined);
    if (!whole.ok) return whole;
  }
  return good({ repository, changes: changes.value, exactly: { from, to: name, commit, created: create } });
}

/** Files that may not change unasked are named one by one, whatever brings them (SECURITY S1). */
function guardedEffects(root: string, changes: readonly Change[]): Effect[] {
  return changes
    .filter((one) => isGuarded(one.path))
    .slice(0, 200)
    .map(({ how, path: shown }) => ({
      kind: how === 'D' ? 'delete' : 'write',
      path: `${root}/${shown}`,
      shown,
      place: 'workspace',
      reversible: true,
    }));
}

/** git's own switch: what is not committed is carried along, and where that cannot be nothing changes. */
function change({ ask }: Repository, rest: readonly string[]): Promise<Outcome<string>> {
  const identity = { GIT_COMMITTER_NAME: 'Virtual Butler', GIT_COMMITTER_EMAIL: 'butler@localhost' };
  return ask(['switch', '--quiet', '--no-guess', '--no-progress', '--no-recurse-submodules', ...rest], {
    environment: identity,
  });
}

function resultOf(undo: z.infer<typeof Undo>): ToolResult {
  return { output: `Switched from ${undo.from} to ${undo.to}; hooks were not run.`, undo };
}

const full = (name: string) => `refs/heads/${name}`;
const look = 'Look at the branches first.';

function wrongName(what: string) {
  return failures.invalid('name', what, look);
}

const changedSince = failures.conflict('The branches changed since they were looked at.', look);
const movedOn = failures.conflict(
  'The branch was changed after the switch.',
  'It was left as it is; switch back by hand with: git switch.',
);
