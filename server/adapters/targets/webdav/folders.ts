import { failures } from '../../../protocol/failure.ts';
import { textOf } from '../http/httpFault.ts';
import type { HttpAnswer } from '../http/httpLine.ts';
import { RemoteFault } from '../remote/remoteFault.ts';
import type { DavWire } from './wire.ts';

/** The folders of a server that are known to be there, so that each is made at most once. */
export interface Folders {
  areThere(paths: readonly string[]): void;
  /** Something was taken away: what is known is no longer sure. */
  areGone(): void;
  /**
   * Does something to a path once the folder above it is there; `also` are the answers by which the server may say
   * that it is not, and then it is made and the same done again.
   */
  within(
    path: string,
    signal: AbortSignal,
    act: (also: readonly number[]) => Promise<HttpAnswer>,
  ): Promise<void>;
}

/** Opens what is known of the folders of a server: nothing. */
export function openFolders(wire: DavWire): Folders {
  const known = new Set<string>(['']);
  const make = async (path: string, signal: AbortSignal): Promise<void> => {
    if (known.has(path)) return;
    const ask = { method: 'MKCOL', path: `${path}/`, signal, also: [404, 405, 409] } as const;
    const first = await statusOf(wire.ask(ask));
    if (first === 404 || first === 409) {
      await make(parentOf(path), signal);
      const second = await statusOf(wire.ask(ask));
      if (second === 404 || second === 409) throw lacking(wire.host, path);
    }
    known.add(path);
  };
  return {
    areThere: (paths) => {
      for (const path of paths) known.add(path);
    },
    areGone: () => {
      known.clear();
      known.add('');
    },
    within: async (path, signal, act) => {
      const above = parentOf(path);
      await make(above, signal);
      const first = await statusOf(act(lacks));
      if (first !== 404 && first !== 409) return;
      known.clear();
      known.add('');
      await make(above, signal);
      const second = await statusOf(act(lacks));
      if (second === 404 || second === 409) throw lacking(wire.host, above);
    },
  };
}

/** Answers that say that a folder above lacks. */
const lacks: readonly number[] = [409];

async function statusOf(asked: Promise<HttpAnswer>): Promise<number> {
  const answer = await asked;
  await textOf(answer);
  return answer.status;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function lacking(host: string, path: string): RemoteFault {
  const what = `The folder "${path}" could not be made at ${host}.`;
  return new RemoteFault(failures.conflict(what, 'Make it there, or choose another folder.'));
}
