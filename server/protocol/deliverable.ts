import * as z from 'zod';
import { DeliverableType } from './ability.ts';
import { Digest, Id, request, Time } from './message.ts';

/** One file of a deliverable; its bytes lie in the store under their digest. */
export const DeliverableFile = z.strictObject({
  /** Relative, `/` between names, without `..`. */
  path: z.string().min(1).max(1024),
  digest: Digest,
  size: z.int().nonnegative(),
  mime: z.string(),
});
export type DeliverableFile = z.infer<typeof DeliverableFile>;

/** One thing that a look at a deliverable's files found; it forbids nothing, a person decides. */
export const DeliverableFinding = z.strictObject({
  /** Absent where it is about the whole. */
  file: z.string().max(1024).optional(),
  line: z.int().positive().optional(),
  /** What was found, as one sentence. */
  what: z.string().max(500),
  /** Whether it is a fault; else it is worth knowing only. */
  severe: z.boolean(),
});
export type DeliverableFinding = z.infer<typeof DeliverableFinding>;

/** Who can see what was published; `server`: whoever the server lets in, which only it knows. */
export const Visibility = z.enum(['public', 'unlisted', 'private', 'server', 'local']);
export type Visibility = z.infer<typeof Visibility>;

/** Where a deliverable stands in the world. */
export const Publication = z.strictObject({
  execution: Id,
  target: z.string(),
  /** A URL or path that a person can open. */
  location: z.string(),
  /** The first file to open there. */
  entry: z.string().optional(),
  /** Where a browser shows that entry to whoever may see it; absent where there is no such address. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** What the target calls this version: a commit, an entity tag. */
  version: z.string().max(200).optional(),
  /** Who can see it there. */
  visibility: Visibility.optional(),
  /** What taking it back would do, as one sentence. */
  undoes: z.string().max(500).optional(),
  time: Time,
});
export type Publication = z.infer<typeof Publication>;

/** What a job made (SPEC A2): its files, and where they were published. */
export const Deliverable = z.strictObject({
  id: Id,
  job: Id,
  session: Id,
  ability: Id,
  type: DeliverableType,
  title: z.string().max(200),
  files: z.array(DeliverableFile).min(1).max(20_000),
  metadata: z.record(z.string(), z.json()).default({}),
  /** What a look at its files found when it was saved; absent where nothing looked. */
  findings: z.array(DeliverableFinding).max(100).optional(),
  created: Time,
  /** The newest publication of it that stands; `null` where none does. */
  published: Publication.nullable(),
});
export type Deliverable = z.infer<typeof Deliverable>;

/** A deliverable in a list, with its files as a number: there may be many. */
export const DeliverableRow = Deliverable.omit({ files: true, metadata: true, findings: true }).extend({
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
});
export type DeliverableRow = z.infer<typeof DeliverableRow>;

/** Names under which people look first: a page at the root, a page or a word to the reader anywhere, any page. */
const firstNames = [
  /^index\.html?$/i,
  /(^|\/)index\.html?$/i,
  /(^|\/)readme\.(md|markdown|html?|txt)$/i,
  /\.(html?|md|markdown|pdf)$/i,
];

/** The file that a person opens first: the one that was published as such, or by its name, or by what can be looked at. */
export function firstFile<F extends Pick<DeliverableFile, 'path' | 'mime'>>(
  files: readonly F[],
  entry?: string,
): F | undefined {
  const named = files.find(({ path }) => path === entry);
  if (named) return named;
  for (const name of firstNames) {
    const found = files.find(({ path }) => name.test(path));
    if (found) return found;
  }
  return files.find(({ mime }) => /^(image|audio|video|text)\//.test(mime)) ?? files[0];
}

/** Whether two publications take the same place in the world, so that the later one stands there. */
export function isSamePlace(one: Publication, other: Publication): boolean {
  return one.target === other.target && one.location === other.location;
}

export const listDeliverables = request('butler/deliverable/list', {
  from: 'client',
  page: true,
  does: 'Lists deliverables, newest first.',
  params: z.strictObject({
    session: Id.optional(),
    job: Id.optional(),
    ability: Id.optional(),
    limit: z.int().min(1).max(500).default(100),
  }),
  result: z.strictObject({ deliverables: z.array(DeliverableRow) }),
});

export const readDeliverable = request('butler/deliverable/read', {
  from: 'client',
  page: true,
  does: 'Reads what is known of one deliverable.',
  params: z.strictObject({ id: Id }),
  result: Deliverable,
});

/** Bytes of a file that are read at once, where it is read piece by piece. */
export const longestPiece = 4 * 1024 * 1024;

export const readDeliverableFile = request('butler/deliverable/file', {
  from: 'client',
  page: true,
  does: 'Reads one file of a deliverable; text as it is, anything else in base64, and so is a piece of a file.',
  params: z.strictObject({
    id: Id,
    path: z.string(),
    /** Where a piece begins, in bytes; absent: the whole file is read. */
    from: z.int().nonnegative().optional(),
  }),
  result: z.strictObject({ mime: z.string(), encoding: z.enum(['utf8', 'base64']), content: z.string() }),
});

export const publishDeliverable = request('butler/deliverable/publish', {
  from: 'client',
  page: true,
  does: 'Publishes a deliverable again, as a new job of its session that asks before it acts.',
  params: z.strictObject({ id: Id }),
  result: z.strictObject({ job: Id }),
});

/** One publication of the past or the present: what was published when, by which job, and where it went. */
export const PublicationRecord = z.strictObject({
  publication: Publication,
  deliverable: Id,
  title: z.string(),
  type: DeliverableType,
  /** The job that published it. */
  job: Id,
  session: Id,
  ability: Id,
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** When it was taken back. */
  undone: Time.nullable(),
  /** Whether it is there: it was not taken back, and nothing later took its place. */
  stands: z.boolean(),
});
export type PublicationRecord = z.infer<typeof PublicationRecord>;

export const listPublications = request('butler/publication/list', {
  from: 'client',
  page: true,
  does: 'Lists what was published, newest first.',
  params: z.strictObject({
    ability: Id.optional(),
    target: z.string().optional(),
    session: Id.optional(),
    deliverable: Id.optional(),
    /** Those before this execution, for the next page. */
    before: Id.optional(),
    limit: z.int().min(1).max(500).default(100),
  }),
  result: z.strictObject({ publications: z.array(PublicationRecord) }),
});

export const deliverableMessages = [
  listDeliverables,
  readDeliverable,
  readDeliverableFile,
  publishDeliverable,
  listPublications,
];
