import * as z from 'zod';
import { DeliverableFinding, DeliverableRow } from './deliverable.ts';
import { Id, request } from './message.ts';

/** How many files differ from the version before. */
const Differing = z.strictObject({
  added: z.int().nonnegative(),
  changed: z.int().nonnegative(),
  removed: z.int().nonnegative(),
});

/**
 * One version of a deliverable: those of an Ability in one workspace folder with the same title and type are
 * versions of each other, each a deliverable of its own.
 */
export const DeliverableVersion = DeliverableRow.pick({
  job: true,
  session: true,
  created: true,
  files: true,
  bytes: true,
  published: true,
}).extend({
  deliverable: Id,
  /** The oldest is 1. */
  number: z.int().positive(),
  /** Against the version before; `null` for the oldest. */
  differs: Differing.nullable(),
  findings: z.array(DeliverableFinding),
});
export type DeliverableVersion = z.infer<typeof DeliverableVersion>;

export const listDeliverableVersions = request('butler/deliverable/versions', {
  from: 'client',
  page: true,
  does: 'Lists the versions of a deliverable, newest first; any of them can be published again.',
  params: z.strictObject({ id: Id, limit: z.int().min(1).max(100).default(50) }),
  result: z.strictObject({ versions: z.array(DeliverableVersion) }),
});

/** A file as it is in one of two deliverables. */
const Side = z.strictObject({ size: z.int().nonnegative(), mime: z.string() });

/** One file that two deliverables do not have alike. */
export const FileDifference = z.strictObject({
  path: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  before: Side.nullable(),
  after: Side.nullable(),
});
export type FileDifference = z.infer<typeof FileDifference>;

export const compareDeliverables = request('butler/deliverable/compare', {
  from: 'client',
  page: true,
  does: 'Compares two deliverables by their files; with `path` also tells both texts of that file.',
  params: z.strictObject({
    /** The later one. */
    id: Id,
    /** The earlier one; absent: the version before. */
    before: Id.optional(),
    path: z.string().max(1024).optional(),
  }),
  result: z.strictObject({
    /** The earlier one; `null` where there is no version before, so that everything was added. */
    before: Id.nullable(),
    files: z.array(FileDifference),
    unchanged: z.int().nonnegative(),
    /** Of the file at `path`; a side is `null` where there is no such file. Absent where it is no text or too large. */
    texts: z.strictObject({ before: z.string().nullable(), after: z.string().nullable() }).optional(),
  }),
});

export const exportDeliverable = request('butler/deliverable/export', {
  from: 'client',
  page: false,
  does: 'Writes files of a deliverable into a folder that a person chose; what stands there is a conflict with the field `replace` unless that is true.',
  params: z.strictObject({
    id: Id,
    /** Absolute; it is made where it is missing. */
    folder: z.string().min(1).max(4096),
    /** Only these files; absent: all. */
    paths: z.array(z.string().max(1024)).min(1).max(20_000).optional(),
    /** How the file is called there, without folders; only with exactly one path. */
    name: z.string().min(1).max(255).optional(),
    replace: z.boolean().default(false),
  }),
  result: z.strictObject({ folder: z.string(), files: z.int().nonnegative(), bytes: z.int().nonnegative() }),
});

export const deliverableVersionMessages = [listDeliverableVersions, compareDeliverables, exportDeliverable];
