import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Difference, ToolContext } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { Digest } from '../../protocol/message.ts';
import { differencesOf } from '../tools/files/differences.ts';
import { Step } from '../tools/files/things.ts';
import { turn, type Way } from '../tools/files/turn.ts';
import { findProgram } from '../tools/reports/program.ts';
import { stepsBetween } from './changes.ts';
import { missedOf } from './missed.ts';
import { objectsOf } from './objects.ts';
import { type Picture, takePicture } from './picture.ts';
import { askPrivately, type PrivateGit } from './privateGit.ts';
import { dropIndexes, keepTrees, refsOf, repositoryOf, sizeOf, snapshotsFolder } from './repository.ts';
import { aloneIn } from './repositoryLock.ts';

/** How a workspace stood before a command; `finish` tells what the command changed. */
export interface Before {
  readonly workspace: string;
  readonly execution: string;
  readonly picture: Picture;
}

/** What a command changed, as its tool keeps it: `undo` and `redo` want it. JSON values only. */
export interface Changed {
  readonly undo: unknown;
  /** Paths that were made, changed or taken away. */
  readonly count: number;
}

/** Keeps how workspaces stand before and after commands, so that what a command did can be taken back. */
export interface Snapshots {
  /**
   * Whether a command in this workspace could be taken back: for the plan, to be asked each time. The failure says
   * why not (no git, a home folder, a folder too large); then the command's effect is `reversible: false`.
   */
  check(workspace: string, signal: AbortSignal): Promise<Outcome<void>>;
  /** Those of the absolute real paths at which something stands that taking back would not bring back. */
  missed(workspace: string, paths: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Keeps how the workspace stands, just before the command; fails where `check` would, or when it is aborted. */
  take(workspace: string, execution: string, signal: AbortSignal): Promise<Outcome<Before>>;
  /**
   * Keeps how it stands after the command and answers what changed, `null` where nothing did. After an abort it
   * wants another signal than that of the command, for what was done half-way can be taken back too.
   */
  finish(before: Before, context: Pick<ToolContext, 'blobs' | 'signal'>): Promise<Outcome<Changed | null>>;
  /** The `undo` member of a tool that keeps `Changed.undo`. */
  undo(undo: unknown, context: ToolContext): Promise<Outcome<void>>;
  /** Its `redo` member. */
  redo(undo: unknown, context: ToolContext): Promise<Outcome<unknown>>;
  /** Its `differences` member. */
  differences(undo: unknown, context: ToolContext, way: 'undo' | 'redo'): Promise<readonly Difference[]>;
  /** Bytes that all snapshots take on disk. */
  size(): Promise<number>;
  /** Lets go of what the executions kept; what others still want stays. */
  forget(executions: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Opens the snapshots that are kept in the product's own folder. */
export function openSnapshots({ home }: { readonly home: string }): Snapshots {
  const fit = new Map<string, number>();
  const pictureOf = async (workspace: string, signal: AbortSignal, earlier?: Picture) => {
    const git = await repositoryOf(home, workspace);
    if (!git.ok) return git;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(longest)]);
    const picture = await alone(git.value, limited, () =>
      takePicture({ git: git.value, workspace, signal: limited }, earlier),
    );
    fit.delete(workspace);
    if (picture.ok) {
      fit.set(workspace, performance.now());
      return good({ git: git.value, picture: picture.value });
    }
    return limited.aborted && !signal.aborted ? bad(tooSlow) : picture;
  };
  const goWay = async (given: unknown, context: ToolContext, way: Way) => {
    const opened = await open(home, given, context);
    if (!opened.ok) return opened;
    await using objects = opened.value.objects;
    return await turn(opened.value.steps, way, { ...context, root: context.workspace, images: objects });
  };
  return {
    check: async (workspace, signal) => {
      if (performance.now() - (fit.get(workspace) ?? Number.NEGATIVE_INFINITY) < recent)
        return good(undefined);
      const taken = await pictureOf(workspace, signal);
      return taken.ok ? good(undefined) : taken;
    },
    missed: async (workspace, paths, signal) => {
      const git = paths.length > 0 ? await repositoryOf(home, workspace) : null;
      return git?.ok ? await missedOf({ git: git.value, workspace, signal }, paths) : paths;
    },
    take: async (workspace, execution, signal) => {
      const taken = await pictureOf(workspace, signal);
      if (!taken.ok) return taken;
      const { git, picture } = taken.value;
      await keepTrees(refsOf(git.folder, execution), 'before', [...picture.trees.values()]);
      return good({ workspace, execution, picture });
    },
    finish: async ({ workspace, execution, picture: before }, { blobs, signal }) => {
      const taken = await pictureOf(workspace, signal, before);
      if (!taken.ok) return taken;
      const { git, picture: after } = taken.value;
      const refs = refsOf(git.folder, execution);
      await keepTrees(refs, 'after', [...after.trees.values()]);
      const steps = await stepsBetween({ git, workspace, before, after, signal });
      if (!steps.ok) return steps;
      if (steps.value.length === 0) {
        await rm(refs, { recursive: true, force: true });
        return good(null);
      }
      const digest = await blobs.put(Buffer.from(JSON.stringify(steps.value)));
      return good({ undo: { workspace, steps: digest } satisfies Undo, count: steps.value.length });
    },
    undo: (given, context) => goWay(given, context, 'undo'),
    redo: async (given, context) => {
      const gone = await goWay(given, context, 'redo');
      return gone.ok ? good(given) : gone;
    },
    differences: async (given, context, way) => {
      const opened = await open(home, given, context);
      if (!opened.ok) return [];
      await using objects = opened.value.objects;
      return await differencesOf(opened.value.steps, way, {
        ...context,
        root: context.workspace,
        images: objects,
      });
    },
    size: () => sizeOf(snapshotsFolder(home)),
    forget: (executions, signal) => forget(home, executions, signal),
  };
}

/** What undo of a command wants: its workspace, and the blob of its steps; their bytes lie in the repository. */
const Undo = z.strictObject({ workspace: z.string(), steps: Digest });
type Undo = z.infer<typeof Undo>;

/** Milliseconds for one picture; a workspace that takes longer is too large to be kept at every command. */
const longest = 30_000;
/** Milliseconds for which a workspace of which a picture could be taken is not looked at again for a plan. */
const recent = 60_000;
const tooSlow = failures.tool(
  'Commands here cannot be taken back: keeping the files takes too long.',
  'Name in .gitignore what need not be kept, such as what a build makes.',
);

async function alone<T>(
  { folder }: PrivateGit,
  signal: AbortSignal,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  try {
    return await aloneIn(folder, signal, work);
  } catch (error) {
    if (signal.aborted) return bad(failures.cancelled('Keeping how the workspace stands was stopped.'));
    const { code = '', path: file = folder } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return bad(closed(file));
    throw error;
  }
}

function closed(file: string) {
  const what = `Commands here cannot be taken back: ${file} cannot be read.`;
  return failures.tool(what, 'Give yourself the right to read it, or name it in .gitignore.');
}

async function open(home: string, given: unknown, { workspace, blobs, signal }: ToolContext) {
  const undo = Undo.parse(given);
  const git = await repositoryOf(home, undo.workspace);
  if (!git.ok) return git;
  const kept = undo.workspace === workspace ? await blobs.get(undo.steps) : null;
  if (!kept) return bad(failures.conflict('What it changed was deleted.', 'Take it back by hand.'));
  const steps = z.array(Step).parse(JSON.parse(Buffer.from(kept).toString('utf8')));
  return good({ steps, objects: objectsOf(git.value, signal) });
}

/** Deletes what only these executions kept, repository by repository. */
async function forget(home: string, executions: readonly string[], signal: AbortSignal): Promise<void> {
  const all = snapshotsFolder(home);
  for (const name of await readdir(all).catch(() => [])) {
    const folder = path.join(all, name);
    const left = executions.map((execution) => refsOf(folder, execution));
    const kept = new Set(await readdir(path.join(folder, 'refs/undo')).catch(() => []));
    if (!left.some((refs) => kept.has(path.basename(refs)))) continue;
    const program = await findProgram('git', folder);
    await aloneIn(folder, signal, async () => {
      for (const refs of left) await rm(refs, { recursive: true, force: true });
      await dropIndexes(folder);
      if (program) await prune({ program, folder }, signal);
    });
  }
}

/** Deletes every content that nothing keeps any more, and packs the rest. */
async function prune(git: PrivateGit, signal: AbortSignal): Promise<void> {
  const place = { cwd: git.folder, top: git.folder, index: path.join(git.folder, 'indexes/none'), signal };
  await askPrivately(git, { ...place, args: ['prune', '--expire=now'] });
  await askPrivately(git, { ...place, args: ['repack', '-a', '-d', '-q'] });
}
