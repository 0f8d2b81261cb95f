import { failures } from '../../../protocol/failure.ts';
import type { ToldAnswer } from '../http/httpFault.ts';
import { TargetFault } from '../targetFault.ts';
import type { DavWire } from './wire.ts';

/** The folders of a server that are known to be there, so that each is made at most once. */
export interface Folders {
  areThere(paths: readonly string[]): void;
  /** Whether a path was that of a folder when it was last seen. */
  has(path: string): boolean;
  /** Something was taken away: what is known is no longer sure. */
  areGone(): void;
  /**
   * Does something to a path once the folder above it is there; `also` are the answers by which the server may say
   * that it is not, and then it is made and the same done again. Answers what the server answered.
   */
  within(
    path: string,
    signal: AbortSignal,
    act: (also: readonly number[]) => Promise<ToldAnswer>,
  ): Promise<number>;
}

/** Opens what is known of the folders of a server: nothing. */
export function openFolders(wire: DavWire): Folders {
  const known = new Set<string>(['']);
  const make = async (path: string, signal: AbortSignal): Promise<void> => {
    if (known.has(path)) return;
    const ask = { method: 'MKCOL', path: `${path}/`, signal, also: [404, 405, 409] } as const;
    const { status: first } = await wire.tell(ask);
    if (first === 404 || first === 409) {
      await make(parentOf(path), signal);
      const { status: second } = await wire.tell(ask);
      if (second === 404 || second === 409) throw lacking(wire.host, path);
    }
    known.add(path);
  };
  return {
    areThere: (paths) => {
      for (const path of paths) known.add(path);
    },
    has: (path) => known.has(path),
    areGone: () => {
      known.clear();
      known.add('');
    },
    within: async (path, signal, act) => {
      const above = parentOf(path);
      await make(above, signal);
      const { status: first } = await act(lacks);
      if (first !== 404 && first !== 409) return first;
      known.clear();
      known.add('');
      await make(above, signal);
      const { status: second } = await act(lacks);
      if (second === 404 || second === 409) throw lacking(wire.host, above);
      return second;
    },
  };
}

/** Answers that say that a folder above lacks. */
const lacks: readonly number[] = [409];

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function lacking(host: string, path: string): TargetFault {
  const what = `The folder "${path}" could not be made at ${host}.`;
  return new TargetFault(failures.conflict(what, 'Make it there, or choose another folder.'));
}
