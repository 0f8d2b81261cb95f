import * as z from 'zod';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { askGit } from '../git/cleanGit.ts';
import { deliver } from './files/deliver.ts';
import { wholeWorkspace } from './files/places.ts';
import { type Commit, logFormat, notesOf, parseLog } from './reports/commits.ts';

const Input = z.strictObject({
  since: z
    .string()
    .max(200)
    .regex(/^[\w./@][\w./@{}^~+-]*$/, 'must be a tag, branch or commit')
    .optional()
    .describe('default last tag'),
});
type Input = z.infer<typeof Input>;

/** Makes release notes from the commits since the last tag. */
export const releaseNotes: Tool<Input> = {
  name: 'release_notes',
  description: 'Makes release notes from git since the last tag.',
  input: Input,
  needs: [{ permission: 'read', reason: "Reads the workspace's history of changes." }],
  repeatable: true,
  async plan(_input, context) {
    return good({
      title: 'Make release notes from git',
      effects: [wholeWorkspace(context)],
      exactly: null,
      preview: null,
    });
  },
  async run({ since }, _plan, context) {
    const range = await rangeOf(since, context);
    if (!range.ok) return range;
    const { commits, from, to } = range.value;
    if (commits.length === 0)
      return bad(failures.tool(`There is no commit since ${from}.`, 'Commit something first.'));
    const title =
      to === 'HEAD' ? `Release notes since ${from ?? 'the beginning'}` : `Release notes for ${to}`;
    const count = `${commits.length} ${commits.length === 1 ? 'change' : 'changes'}`;
    const text = notesOf(
      commits,
      title,
      `${count}${from ? ` since ${from}` : ''}, up to ${commits[0]?.date}.`,
    );
    const facts = { commits: commits.length, since: from ?? 'the beginning', until: to };
    const files = [{ path: 'release-notes.md', bytes: Buffer.from(text, 'utf8') }];
    return good(await deliver({ type: 'document', title, files, facts }, context));
  },
};

interface Range {
  readonly commits: Commit[];
  readonly from: string | null;
  readonly to: string;
}

/** The commits since a point; without one since the last tag, and where HEAD is that tag, since the one before. */
async function rangeOf(since: string | undefined, context: ToolContext): Promise<Outcome<Range>> {
  if (since !== undefined) return commitsOf(since, 'HEAD', context);
  const last = await tagBefore('HEAD', context);
  const open = await commitsOf(last, 'HEAD', context);
  if (!open.ok || open.value.commits.length > 0 || last === null) return open;
  return commitsOf(await tagBefore(`${last}^`, context), last, context);
}

async function commitsOf(from: string | null, to: string, context: ToolContext): Promise<Outcome<Range>> {
  const span = from === null ? to : `${from}..${to}`;
  const log = await askGit(
    ['log', '-z', '--no-color', logFormat, '--end-of-options', span, '--'],
    inWorkspace(context),
  );
  return log.ok ? good({ commits: parseLog(log.value), from, to }) : log;
}

async function tagBefore(point: string, context: ToolContext): Promise<string | null> {
  const tag = await askGit(['describe', '--tags', '--abbrev=0', point], inWorkspace(context));
  return tag.ok ? tag.value.trim() : null;
}

function inWorkspace({ workspace, signal }: ToolContext) {
  return { cwd: workspace, workspace, signal };
}
