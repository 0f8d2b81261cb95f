import * as z from 'zod';
import { looksSecret } from '../../core/policy/protections.ts';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import type { Effect } from '../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { findSpot } from './files/places.ts';
import { type Draft, draftTree, headOf, unfiltered } from './gitTool/commits.ts';
import { commitMade, moveBranch, type Work, writeCommit } from './gitTool/history.ts';
import { openWhole, type Repository } from './gitTool/repository.ts';

const Input = z.strictObject({
  message: z.string().refine((text) => text.trim() !== '' && text.length <= 20_000, 'must be of 1 to 20,000'),
  paths: z
    .array(z.string())
    .refine(({ length }) => length > 0 && length <= 500, 'must be 1 to 500')
    .optional()
    .describe('default all'),
});
type Input = z.infer<typeof Input>;

const Hash = z.string().regex(/^[0-9a-f]{40,64}$/);
const Undo = z.strictObject({ branch: z.string(), commit: Hash, parent: Hash.nullable() });

/** Commits what stands in the files of the workspace. */
export const commit: Tool<Input> = {
  name: 'commit',
  description: 'Commits changed files to git.',
  input: Input,
  needs: [
    { permission: 'read', reason: 'To see which files changed.' },
    { permission: 'write', reason: 'To write the commit into the repository.' },
  ],
  repeatable: false,
  async plan(input, context) {
    const work = await workOf(input, context);
    if (!work.ok) return work;
    const { head, draft, repository } = work.value;
    const branch = head.branch?.replace('refs/heads/', '') ?? '';
    const files = draft.changes.map(({ how, path }) => `${how} ${path}`);
    return good({
      title: `Commit ${files.length} ${files.length === 1 ? 'file' : 'files'} on ${branch}`,
      effects: [commitEffect(repository, branch), ...secretEffects(repository, draft)],
      exactly: { branch: head.branch, parent: head.commit, tree: draft.tree, message: input.message },
      preview: { kind: 'text', text: `${input.message}\n\n${files.join('\n')}` },
    });
  },
  async run(input, plan, context) {
    const work = await workOf(input, context);
    if (!work.ok) return work;
    const { head, draft } = work.value;
    const exactly = { branch: head.branch, parent: head.commit, tree: draft.tree, message: input.message };
    if (JSON.stringify(exactly) !== JSON.stringify(plan.exactly)) return bad(changedSince);
    if (context.signal.aborted) return bad(stopped);
    return writeCommit(work.value, input.message, context.execution);
  },
  async undo(given, context) {
    const { branch, commit: made, parent } = Undo.parse(given);
    const opened = await openWhole(context);
    return opened.ok ? moveBranch(opened.value, branch, { from: made, to: parent }) : opened;
  },
  async redo(given, context) {
    const { branch, commit: made, parent } = Undo.parse(given);
    const opened = await openWhole(context);
    if (!opened.ok) return opened;
    const moved = await moveBranch(opened.value, branch, { from: parent, to: made });
    return moved.ok ? good(given) : moved;
  },
  async reconcile(_input, context) {
    const opened = await openWhole(context);
    return opened.ok ? commitMade(opened.value, context.execution) : { state: 'unknown' };
  },
};

const stopped = failures.cancelled('Nothing was committed.');
const changedSince = failures.conflict(
  'The files or the branch changed since they were looked at.',
  'Look at git anew, then commit.',
);
async function workOf(input: Input, context: ToolContext): Promise<Outcome<Work>> {
  const paths: string[] = [];
  for (const [index, given] of (input.paths ?? ['.']).entries()) {
    const spot = await findSpot(given, context, `paths.${index}`);
    if (!spot.ok) return spot;
    if (spot.value.place === 'outside')
      return bad(failures.denied(`${spot.value.shown} is outside.`, inside));
    paths.push(spot.value.shown);
  }
  const opened = await openWhole(context);
  if (!opened.ok) return opened;
  const repository = opened.value;
  const head = await headOf(repository);
  if (head.branch === null) return bad(noBranch);
  const draft = await draftTree(repository, paths, head.commit);
  if (!draft.ok) return context.signal.aborted ? bad(stopped) : draft;
  if (draft.value.changes.length === 0) return bad(nothingNew);
  const whole = await unfiltered(repository, draft.value.changes);
  return whole.ok ? good({ repository, head, draft: draft.value, paths }) : whole;
}

const inside = 'Give paths inside the workspace.';
const noBranch = failures.conflict('No branch is checked out.', 'Switch to a branch first.');
const nothingNew = failures.invalid('paths', 'Nothing changed there since the last commit.', 'Look at git.');

/** The commit as an act: on the repository's own folder, whatever files it holds. */
function commitEffect({ root }: Repository, branch: string): Effect {
  const shown = `git: commit on ${branch}`;
  return { kind: 'write', path: root.split('\\').join('/'), shown, place: 'workspace', reversible: true };
}

/** What looks like a secret would be in the history from now on, so it is named for the policy to see. */
function secretEffects({ root }: Repository, { changes }: Draft): Effect[] {
  return changes
    .filter(({ how, path }) => how !== 'D' && looksSecret(path))
    .slice(0, 100)
    .map(({ path }) => ({
      kind: 'read',
      path: `${root.split('\\').join('/')}/${path}`,
      shown: path,
      place: 'workspace',
    }));
}
