import * as z from 'zod';
import { Digest, Id, request, Time } from './message.ts';

/** Files that may be attached to one job. */
export const mostAttached = 50;
/** Bytes of the largest file that may be attached. */
export const largestAttached = 4 * 1024 * 1024 * 1024;

/** A file that a person hands over with a job; an agent reads it as `attachment:NAME`. */
export const AttachedFile = z.strictObject({
  /** The name without folders. */
  name: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^/\\:\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'must be a plain file name')
    .refine((name) => name !== '.' && name !== '..', 'must be a plain file name'),
  digest: Digest,
  size: z.int().nonnegative().max(largestAttached),
  mime: z.string().max(200),
});
export type AttachedFile = z.infer<typeof AttachedFile>;

export const addAttachment = request('butler/attachment/add', {
  from: 'client',
  page: false,
  does: 'Keeps a file of this machine, which a person chose, to hand over with a job.',
  params: z.strictObject({ path: z.string().min(1).max(4096) }),
  result: AttachedFile,
});

export const addAttachmentPart = request('butler/attachment/addPart', {
  from: 'client',
  page: true,
  does: 'Keeps a file that comes in parts, in order: the first answers its arrival, the last the file; a part that fails ends it.',
  params: z.strictObject({
    /** What the answer to the first part named; absent with the first. */
    arrival: Id.optional(),
    name: AttachedFile.shape.name,
    data: z.base64().max(6_000_000),
    last: z.boolean(),
  }),
  result: z.strictObject({ arrival: Id, file: AttachedFile.nullable() }),
});

export const listAttachments = request('butler/attachment/list', {
  from: 'client',
  page: false,
  does: 'Lists the files that were handed over with a job.',
  params: z.strictObject({ job: Id }),
  result: z.strictObject({ created: Time, files: z.array(AttachedFile) }),
});

export const readAttachment = request('butler/attachment/read', {
  from: 'client',
  page: false,
  does: 'Reads a piece of a file that was handed over with a job, in base64; a piece of 4 MiB is followed by another.',
  params: z.strictObject({
    job: Id,
    name: z.string().max(255),
    /** Where the piece begins, in bytes. */
    from: z.int().nonnegative(),
  }),
  result: z.strictObject({ content: z.string() }),
});

export const attachmentMessages = [addAttachment, addAttachmentPart, listAttachments, readAttachment];
