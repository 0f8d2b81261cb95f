import type { McpHost, McpPlace, McpStanding } from '../../core/ports/mcp.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { type Instance, openInstance } from './instance.ts';
import type { Link, Times } from './link.ts';
import { openTroubles } from './troubles.ts';

/** What the host wants to know. */
export interface HostOptions {
  /** Where each program is started in a private folder of its own. */
  readonly folder: string;
  /** Absolute real paths of the workspace folders, from which no program is started. */
  workspaces(): readonly string[];
  readonly times?: Partial<Times & { readonly idle: number; readonly backOff: number }>;
}

const usual = { start: 30_000, quiet: 120_000, call: 1_800_000, idle: 600_000, backOff: 1_000 };

/** An instance in use: how many calls are under way, and the end that waits where there are none. */
interface Running {
  readonly instance: Instance;
  busy: number;
  idle: NodeJS.Timeout | null;
}

/** Runs servers: one instance each, shared, ended when nobody used it for a while. */
export function createHost({ folder, workspaces, times = {} }: HostOptions): McpHost {
  const limits = { ...usual, ...times };
  const running = new Map<string, Running>();
  const ending = new Map<string, Promise<void>>();
  const troubles = openTroubles(limits.backOff);
  const listeners = new Set<() => void>();
  let isClosed = false;
  const changed = () => {
    for (const listener of listeners) listener();
  };

  /** Ends an instance, or waits for the end that is under way: no two of one server run at a time. */
  const end = async (key: string): Promise<void> => {
    const found = running.get(key);
    if (found) {
      running.delete(key);
      clearTimeout(found.idle ?? undefined);
      const over = found.instance.end().finally(() => {
        if (ending.get(key) === over) ending.delete(key);
      });
      ending.set(key, over);
    }
    await ending.get(key);
    if (found) changed();
  };

  const begin = (place: McpPlace): Running => {
    const failed = (why: Failure) => {
      if (running.get(place.key) !== begun) return;
      troubles.note(place.key, why);
      void end(place.key);
    };
    const instance = openInstance(place, { folder, workspaces, times: limits }, { changed, failed });
    const begun: Running = { instance, busy: 0, idle: null };
    running.set(place.key, begun);
    changed();
    return begun;
  };

  const find = async (place: McpPlace): Promise<Outcome<Running>> => {
    const found = running.get(place.key);
    if (found?.instance.digest === place.digest) return good(found);
    await end(place.key);
    if (isClosed) return bad(failures.cancelled('The worker ends.'));
    const why = troubles.standsAlone(place.key);
    if (why) return bad(why);
    const other = running.get(place.key);
    return other ? find(place) : good(begin(place));
  };

  const use = async <T>(place: McpPlace, work: (link: Link) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const found = await find(place);
    if (!found.ok) return found;
    const used = found.value;
    used.busy++;
    clearTimeout(used.idle ?? undefined);
    try {
      const opened = await used.instance.opening;
      const result = opened.ok ? await work(opened.value) : opened;
      if (result.ok) troubles.forget(place.key);
      return result;
    } finally {
      used.busy--;
      if (used.busy === 0 && running.get(place.key) === used) {
        used.idle = setTimeout(() => void end(place.key), limits.idle);
        used.idle.unref();
      }
    }
  };

  return {
    offer: (place) => use(place, (link) => link.offer()),
    call: (place, tool, input, control) => use(place, (link) => link.call(tool, input, control)),
    read: (place, uri, control) => use(place, (link) => link.read(uri, control)),
    prompt: (place, name, given) => use(place, (link) => link.prompt(name, given)),
    standing: (key) => standingOf(running.get(key), troubles.of(key)),
    forgive: troubles.forget,
    end,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...running.keys(), ...ending.keys()].map(end));
    },
  };
}

function standingOf(running: Running | undefined, trouble: Failure | null): McpStanding {
  const offer = running?.instance.offer() ?? null;
  if (running) return { state: offer ? 'ready' : 'starting', failure: null, offer };
  return trouble
    ? { state: 'failed', failure: trouble, offer: null }
    : { state: 'idle', failure: null, offer: null };
}
