import * as z from 'zod';
import { Digest, Id, Time } from '../../../protocol/message.ts';
import { relativeFault } from '../../tools/files/places.ts';
import { markerName } from '../marker.ts';

/** A name that a server told; one that leads elsewhere spoils what holds it. */
const Name = z.string().refine((path) => relativeFault(path) === null);

/** One file of a publication: its path, digest and size, and the stamp that it had when it was published. */
export const MarkedFile = z.tuple([Name, Digest, z.int().nonnegative(), z.string()]);
export type MarkedFile = z.infer<typeof MarkedFile>;

/** What the marker of a remote folder holds; files that it does not name are not ours. */
export const RemoteMarker = z.strictObject({
  about: z.string(),
  execution: Id,
  deliverable: Id,
  time: Time,
  files: z.array(MarkedFile),
  /** Folders that publications made, the outermost first. */
  folders: z.array(Name),
  /** The blob with what `unpublish` wants. */
  undo: Digest,
});
export type RemoteMarker = z.infer<typeof RemoteMarker>;

/** What stands in the folder while something is published there, or taken back. */
export const Intent = z.strictObject({
  about: z.string(),
  execution: Id,
  does: z.enum(['publish', 'undo', 'sweep']),
  /** When it was last at work. */
  time: Time,
  /** The blob with what takes it back; `null` for a sweep, which begins nothing of its own. */
  undo: Digest.nullable(),
});
export type Intent = z.infer<typeof Intent>;

/** What the marker says to somebody who finds it. */
export const markerAbout =
  'Published by Virtual Butler. It names the files that may be replaced by the next publication.';
/** What an intent says to somebody who finds it. */
export const intentAbout = 'Virtual Butler publishes here at this moment, or was cut off; it is taken away.';

/** The name that an execution's intent has in the folder. */
export function intentName(execution: string): string {
  return `${ownPrefix}-${execution}.json`;
}

/** The folder in which an execution's files lie until they get their names. */
export function stagingName(execution: string): string {
  return `${ownPrefix}-${execution}`;
}

/** Where a small file of ours of an execution lies before it takes the place of what has its name. */
export function stagedOwn(execution: string, what: 'intent' | 'marker'): string {
  return `${stagingName(execution)}/${what}`;
}

/** The execution whose intent this is, in its place or on the way there; `null` where it is none. */
export function intentOf(path: string): string | null {
  return /^\.butler-publish-([A-Za-z0-9_-]{1,64})(?:\.json|\/intent)$/.exec(path)?.[1] ?? null;
}

/** The execution whose staged file this is; `null` where it is none. */
export function stagedBy(path: string): string | null {
  return /^\.butler-publish-([A-Za-z0-9_-]{1,64})\//.exec(path)?.[1] ?? null;
}

/** Whether a path in the folder is one of the publisher's own. */
export function isReserved(path: string): boolean {
  return path.toLowerCase().startsWith(ownPrefix);
}

const ownPrefix = markerName.replace(/\.json$/, '');
