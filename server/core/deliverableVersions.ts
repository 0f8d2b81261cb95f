import type { Deliverable, DeliverableFile } from '../protocol/deliverable.ts';
import type { DeliverableVersion, FileDifference } from '../protocol/deliverableVersion.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Store } from './ports/store.ts';

/** Two deliverables file by file; `before` is `null` where there is no earlier one. */
export interface Comparison {
  readonly before: Deliverable | null;
  readonly after: Deliverable;
  readonly files: readonly FileDifference[];
  readonly unchanged: number;
}

/** The versions of a deliverable, newest first: each is a deliverable of its own and can be published again. */
export async function listVersions(
  store: Store,
  { id, limit }: { readonly id: string; readonly limit: number },
): Promise<Outcome<{ versions: DeliverableVersion[] }>> {
  const rows = await store.versions({ id, limit: limit + 1 });
  if (rows.length === 0) return bad(failures.notFound('deliverable', id));
  const versions: DeliverableVersion[] = [];
  let one = await store.deliverable(rows[0]?.id ?? '');
  for (const [index, { number }] of rows.slice(0, limit).entries()) {
    const before = await store.deliverable(rows[index + 1]?.id ?? '');
    if (one) versions.push(versionOf(one, before, number));
    one = before;
  }
  return good({ versions });
}

/** Compares a deliverable with another, or with the version before it. */
export async function compare(
  store: Store,
  request: { readonly id: string; readonly before?: string | undefined },
): Promise<Outcome<Comparison>> {
  const after = await store.deliverable(request.id);
  if (!after) return bad(failures.notFound('deliverable', request.id));
  const [, earlier] = await store.versions({ id: request.id, back: true, limit: 2 });
  const wanted = request.before ?? earlier?.id;
  const before = wanted === undefined ? null : await store.deliverable(wanted);
  if (request.before !== undefined && !before) return bad(failures.notFound('deliverable', request.before));
  const { files, unchanged } = differences(before?.files ?? [], after.files);
  return good({ before, after, files, unchanged });
}

function versionOf(one: Deliverable, before: Deliverable | null, number: number): DeliverableVersion {
  const { id, job, session, created, files, findings = [], published } = one;
  return {
    deliverable: id,
    number,
    job,
    session,
    created,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    differs: before && counted(differences(before.files, files).files),
    findings,
    published,
  };
}

function counted(files: readonly FileDifference[]) {
  const count = (change: FileDifference['change']) => files.filter((file) => file.change === change).length;
  return { added: count('added'), changed: count('changed'), removed: count('removed') };
}

/** The files that two lists do not have alike, by path. */
function differences(
  before: readonly DeliverableFile[],
  after: readonly DeliverableFile[],
): Pick<Comparison, 'files' | 'unchanged'> {
  const earlier = new Map(before.map((file) => [file.path, file]));
  const later = new Map(after.map((file) => [file.path, file]));
  const paths = [...new Set([...earlier.keys(), ...later.keys()])].sort();
  const files = paths.flatMap((path): FileDifference[] => {
    const [old, now] = [earlier.get(path), later.get(path)];
    if (old && now && old.digest === now.digest) return [];
    const change = old && now ? 'changed' : now ? 'added' : 'removed';
    return [{ path, change, before: sideOf(old), after: sideOf(now) }];
  });
  return { files, unchanged: paths.length - files.length };
}

function sideOf(file: DeliverableFile | undefined): FileDifference['before'] {
  return file ? { size: file.size, mime: file.mime } : null;
}
