import { Refusal, Unreadable } from './refusal.ts';

/** A service by its base URL, and where it has several hosts, those that all belong to it. */
export interface Home {
  readonly baseURL: string;
  readonly hosts?: RegExp | undefined;
}

/** The address of what is wanted, a path or a whole address of the service; what it names elsewhere is not asked for. */
export function addressOf({ baseURL, hosts }: Home, path: string): string {
  if (path.startsWith('/')) return baseURL + path;
  const there = URL.canParse(path) ? new URL(path) : null;
  if (there && !there.username && !there.password && isOfService(there, new URL(baseURL), hosts))
    return there.href;
  throw new Unreadable('an address that is not its own');
}

/** Where an answer from an address sends on to; `null` where it is no such answer. */
export function sentOnTo(error: unknown, from: string): string | null {
  if (!(error instanceof Refusal) || !onward.has(error.status)) return null;
  const to = error.header('location');
  return to !== null && URL.canParse(to, from) ? new URL(to, from).href : null;
}

const onward: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Hosts of one service hold only among each other: whoever is asked in its place gets a key of its own. */
function isOfService(there: URL, base: URL, hosts: RegExp | undefined): boolean {
  if (there.origin === base.origin) return true;
  const isHost = ({ protocol, host }: URL) => protocol === 'https:' && (hosts?.test(host) ?? false);
  return isHost(base) && isHost(there);
}
