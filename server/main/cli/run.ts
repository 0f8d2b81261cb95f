import { resolve } from 'node:path';
import { findAbility } from '../../core/abilities.ts';
import { decideApproval } from '../../core/approvals.ts';
import type { Passing } from '../../core/jobRun.ts';
import { isEnded } from '../../core/jobStates.ts';
import { abortJob, createJob, readJob } from '../../core/jobs.ts';
import { listProviders } from '../../core/providers.ts';
import type { Ability } from '../../protocol/ability.ts';
import type { Approval, Preview } from '../../protocol/approval.ts';
import { type AttachedFile, mostAttached } from '../../protocol/attachment.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Job } from '../../protocol/job.ts';
import type { Entry } from '../../protocol/journal.ts';
import { Mode } from '../../protocol/policy.ts';
import type { Butler } from '../compose.ts';
import { followJournal } from '../feed.ts';
import { questionIn } from './askQuestion.ts';
import { exitCodes } from './exitCodes.ts';
import { keepImages } from './images.ts';
import { actor, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';
import { createScreen, type Screen } from './screen.ts';
import { createVerdict } from './verdict.ts';

interface FollowOptions extends CommonOptions {
  readonly yes?: boolean;
}

interface RunOptions extends FollowOptions {
  readonly askFirst?: boolean;
  readonly mode?: string;
  readonly image?: readonly string[];
  readonly attach?: readonly string[];
}

/** Hands a job over, follows it, asks in the terminal, and ends with its end. */
export async function run(options: RunOptions, [ability = '', ...words]: readonly string[]): Promise<number> {
  const create: Creating = async (butler, workspace, screen) => {
    const found = await findAbility(butler, ability, workspace);
    if (!found) {
      const known = (await butler.abilities()).abilities.map(({ id }) => id).join(', ');
      const mend = `Choose one of: ${known}.`;
      return bad({ ...failures.notFound('Ability', ability), mend, field: 'ability' });
    }
    const text = words.join(' ').trim();
    if (text === '') {
      return bad(failures.invalid('text', 'The job has no text.', 'Say what to do.'));
    }
    const mode = Mode.optional().safeParse(options.mode);
    if (!mode.success) {
      const mend = `Choose one of: ${Mode.options.join(', ')}.`;
      return bad(failures.invalid('mode', `There is no mode "${options.mode}".`, mend));
    }
    const images = await keepImages(butler, options.image ?? []);
    if (!images.ok) return images;
    const files = await attach(butler, options.attach ?? []);
    if (!files.ok) return files;
    if (await isWithoutModel(butler, found)) screen.trouble(await withoutModel(butler, found));
    const kind = options.askFirst ? 'run' : 'task';
    const handed = { images: images.value, files: files.value };
    return createJob(butler, { ability, workspace, text, kind, mode: mode.data, ...handed }, actor);
  };
  return handOver(options, create);
}

/** Follows a job that is there: asks what it asks, and does it where no other worker is left. */
export function follow(options: FollowOptions, [id = '']: readonly string[]): Promise<number> {
  return handOver(options, async (butler, workspace) => {
    const found = await readJob(butler, id);
    if (!found.ok) return found;
    if (isEnded(found.value.state))
      return bad(failures.conflict(`The job is ${found.value.state} already.`, 'Nothing is needed.'));
    if (found.value.workspace === workspace) return found;
    const what = `The job belongs to the folder ${found.value.workspace}.`;
    return bad(failures.invalid('workspace', what, 'Name that folder with --workspace.'));
  });
}

/** How a job that is followed in the terminal comes to be. */
type Creating = (butler: Butler, workspace: string, screen: Screen) => Promise<Outcome<Job>>;

/** Creates a job and follows it: asks in the terminal what it asks, and ends with its end. */
export async function handOver(options: FollowOptions, create: Creating): Promise<number> {
  const screen = createScreen(options);
  let mine: Job | null = null;
  const emit = (passing: Passing) => {
    if (passing.job.id === mine?.id) screen.passing(passing);
  };
  const work = async (butler: Butler, workspace: string) => {
    const created = await create(butler, workspace, screen);
    if (!created.ok) return tellFailure(options, created.failure);
    mine = created.value;
    const follower = followJob(butler, options, screen, mine);
    const trouble = (error: unknown) => screen.trouble(String(error));
    const stop = await followJournal(butler.store, await beforeJob(butler, mine), follower.take, trouble);
    const release = abortOnSignal(butler, mine, screen);
    butler.serve();
    try {
      await follower.ended;
      return follower.status((await butler.store.job(mine.id))?.state ?? 'failed');
    } finally {
      release();
      stop();
    }
  };
  return withButler(options, work, emit);
}

/** The number of the entry before the first of a job. */
async function beforeJob({ store }: Butler, { id, session }: Job): Promise<number> {
  const { entries } = await store.entries({ filter: { stream: session, job: id }, after: 0, limit: 1 });
  return (entries[0]?.seq ?? 1) - 1;
}

/** Keeps files to hand over with a job; the first that cannot be kept is a failure that names it. */
async function attach(butler: Butler, files: readonly string[]): Promise<Outcome<AttachedFile[]>> {
  if (files.length > mostAttached) {
    const what = `A job takes ${mostAttached} files at most.`;
    return bad(failures.invalid('attach', what, 'Attach fewer, or one archive of them.'));
  }
  const attached: AttachedFile[] = [];
  for (const file of files) {
    const kept = await butler.attaching.addFile(resolve(file));
    if (!kept.ok) return kept;
    attached.push(kept.value);
  }
  return good(attached);
}

/** Whether an Ability runs playbooks only because nobody has set up anything else yet. */
async function isWithoutModel(butler: Butler, ability: Ability): Promise<boolean> {
  const providers = butler.providers();
  if (providers.find(({ name }) => name === ability.provider)?.kind !== 'offline') return false;
  if ((await butler.store.providers()).length > 0) return false;
  const keys = await Promise.all(providers.map(({ name, needsKey }) => needsKey && butler.hasKey(name)));
  return !keys.some(Boolean);
}

/** Says so, and leads to a model that is there by itself, else to a service that has one. */
async function withoutModel(butler: Butler, { id, name }: Ability): Promise<string> {
  const found = (await listProviders(butler, true)).find(({ kind, ready }) => kind !== 'offline' && ready);
  const next = found
    ? `Use ${found.title}: butler use ${id} ${found.name}`
    : 'Add one: butler providers add anthropic';
  return `"${name}" works offline: it runs playbooks, without a model. ${next}`;
}

/** Follows one job: shows its entries, asks what it and its specialists ask, and tells when it has ended. */
function followJob(butler: Butler, options: FollowOptions, screen: Screen, mine: Job) {
  const ended = Promise.withResolvers<void>();
  const asking = new Map<string, AbortController>();
  const family = new Set([mine.id]);
  const verdict = createVerdict();
  let before = Promise.resolve();
  const take = (entries: readonly Entry[]) => {
    for (const entry of entries) {
      if (isHandedOn(entry, family)) family.add(entry.job);
      if (!entry.job || !family.has(entry.job)) continue;
      verdict.take(entry);
      if (entry.job === mine.id || entry.type.startsWith('approval.')) screen.entry(entry);
      if (entry.type === 'approval.requested') {
        const control = new AbortController();
        asking.set(entry.data.approval.id, control);
        const preview = (entry.body as { preview?: Preview } | undefined)?.preview ?? null;
        const { approval } = entry.data;
        before = before
          .then(() => decide(butler, options, screen, approval, preview, control.signal))
          .catch((error: unknown) => screen.trouble(String(error)));
      }
      if (entry.type === 'approval.decided') asking.get(entry.data.approval)?.abort();
      if (entry.job === mine.id && ends.has(entry.type)) ended.resolve();
    }
  };
  return { take, status: verdict.status, ended: ended.promise };
}

const ends: ReadonlySet<Entry['type']> = new Set(['job.completed', 'job.failed', 'job.aborted']);

/** Whether an entry hands a part of one of these jobs to a specialist. */
function isHandedOn(entry: Entry, family: ReadonlySet<string>): entry is Entry & { job: string } {
  return entry.type === 'job.created' && entry.job !== null && family.has(entry.data.parent?.job ?? '');
}

/** Lets a flag or the person at the terminal decide; a protected question is never decided by the flag. */
async function decide(
  butler: Butler,
  options: FollowOptions,
  screen: Screen,
  approval: Approval,
  preview: Preview | null,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const byFlag = options.yes && !approval.protected && !questionIn(approval);
  const decision = byFlag ? { decision: 'approve' as const } : await screen.ask(approval, preview, signal);
  if (!decision) return;
  const { id, digest } = approval;
  const outcome = await decideApproval(butler, { id, digest, ...decision }, actor);
  if (!outcome.ok) screen.trouble(outcome.failure.what);
}

/** The first Ctrl+C aborts the job and waits for its end; the second leaves at once. */
function abortOnSignal(butler: Butler, job: Job, screen: Screen): () => void {
  let asked = false;
  const onSignal = () => {
    if (asked) process.exit(exitCodes.aborted);
    asked = true;
    screen.trouble('Aborting…');
    void abortJob(butler, job.id, actor);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
