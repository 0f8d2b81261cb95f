import type { Parcel } from '../../core/ports/target.ts';
import { type Failure, failures } from '../../protocol/failure.ts';
import { relativeFault } from '../tools/files/places.ts';
import { isReserved } from './remote/remoteMarker.ts';

/** What is wrong with the names of a parcel for a place elsewhere; `null` when all can be published there. */
export function faultInNames(parcel: Parcel): Failure | null {
  const seen = new Map<string, string>();
  for (const { path } of parcel.files) {
    const fault = faultIn(path);
    if (fault) return refused(path, fault);
    const same = seen.get(folded(path));
    if (same !== undefined) return refused(path, `differs from "${same}" only in case or accents' form`);
    seen.set(folded(path), path);
  }
  for (const { path } of parcel.files) {
    const file = parentsOf(path)
      .map((parent) => seen.get(folded(parent)))
      .find(Boolean);
    if (file) return refused(path, `needs a folder where "${file}" is a file`);
  }
  return null;
}

/** The folders above a file, the outermost first. */
export function parentsOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** A path as servers read it that tell neither case nor the form of accents apart. */
export function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function faultIn(path: string): string | null {
  const fault = relativeFault(path);
  if (fault) return fault;
  if (isReserved(path)) return 'is a reserved name';
  if (!path.isWellFormed()) return 'is no valid text';
  if (Buffer.byteLength(path) > 1024) return 'is too long';
  if (path.split('/').some((name) => Buffer.byteLength(name) > 255)) return 'has a name that is too long';
  return null;
}

function refused(path: string, fault: string): Failure {
  const shown = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return failures.invalid(
    'files',
    `"${shown}" cannot be published: it ${fault}.`,
    'Save it under another name.',
  );
}
