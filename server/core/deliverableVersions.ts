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

/** Versions that are looked through for those of one deliverable. */
const mostVersions = 500;

/** The versions of a deliverable, newest first: each is a deliverable of its own and can be published again. */
export async function listVersions(
  store: Store,
  { id, limit }: { readonly id: string; readonly limit: number },
): Promise<Outcome<{ versions: DeliverableVersion[] }>> {
  const found = await store.deliverable(id);
  if (!found) return bad(failures.notFound('deliverable', id));
  const all = await versionsOf(store, found);
  const versions = all.map((one, index) => versionOf(one, all[index + 1] ?? null, all.length - index));
  return good({ versions: versions.slice(0, limit) });
}

/** Compares a deliverable with another, or with the version before it. */
export async function compare(
  store: Store,
  request: { readonly id: string; readonly before?: string | undefined },
): Promise<Outcome<Comparison>> {
  const after = await store.deliverable(request.id);
  if (!after) return bad(failures.notFound('deliverable', request.id));
  let before: Deliverable | null = null;
  if (request.before === undefined) {
    const all = await versionsOf(store, after);
    before = all[all.findIndex(({ id }) => id === after.id) + 1] ?? null;
  } else {
    before = await store.deliverable(request.before);
    if (!before) return bad(failures.notFound('deliverable', request.before));
  }
  const { files, unchanged } = differences(before?.files ?? [], after.files);
  return good({ before, after, files, unchanged });
}

/** What has the same title and type, of the same Ability in the same workspace folder, newest first. */
async function versionsOf(store: Store, one: Deliverable): Promise<Deliverable[]> {
  const { ability, title, type } = one;
  const alike = await store.deliverables({ ability, title, type, limit: mostVersions });
  const places = new Map<string, string | null>();
  for (const session of new Set([one, ...alike].map((other) => other.session))) {
    places.set(session, (await store.session(session))?.workspace ?? null);
  }
  const place = places.get(one.session);
  const isSame = (other: Deliverable) =>
    other.session === one.session || (place !== null && places.get(other.session) === place);
  return alike.filter(isSame);
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
