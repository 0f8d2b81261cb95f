import path from 'node:path';
import type { McpOffer, McpPlace } from '../../core/ports/mcp.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Link, Reach, Times } from './link.ts';
import { startOf } from './program.ts';

/** One server of this worker; the same object for all jobs. */
export interface Instance {
  readonly digest: string;
  readonly opening: Promise<Outcome<Link>>;
  /** What it offers; `null` until it is connected. */
  offer(): McpOffer | null;
  /** Ends it, also while it begins. */
  end(): Promise<void>;
}

/** How instances are opened. */
export interface InstanceOptions {
  /** Where each program is started in a private folder of its own. */
  readonly folder: string;
  /** Absolute real paths of the workspace folders, from which no program is started. */
  workspaces(): readonly string[];
  readonly times: Times;
}

/** What the owner of an instance is told. */
export interface InstanceNews {
  changed(): void;
  /** It could not be begun, or ended by itself. */
  failed(why: Failure): void;
}

/** Begins a server; nothing of the protocol is loaded before the first. */
export function openInstance(place: McpPlace, options: InstanceOptions, news: InstanceNews): Instance {
  let offer: McpOffer | null = null;
  let isOpen = false;
  const stop = new AbortController();
  const open = async (): Promise<Outcome<Link>> => {
    const reach = await reachOf(place, options);
    if (!reach.ok) return reach;
    const { openLink } = await import('./link.ts');
    const told = {
      changed: (now: McpOffer) => {
        offer = now;
        news.changed();
      },
      ended: (why: string) =>
        news.failed(failures.tool(`The MCP server ended: ${why}.`, 'It is started again with its next use.')),
    };
    return openLink(reach.value, options.times, told, stop.signal);
  };
  const begin = async () => {
    const opened = await open().catch(cannotBegin);
    isOpen = opened.ok;
    if (opened.ok) news.changed();
    else news.failed(opened.failure);
    return opened;
  };
  const opening = begin();
  return {
    digest: place.digest,
    opening,
    offer: () => (isOpen ? offer : null),
    end: async () => {
      stop.abort();
      const opened = await opening;
      if (opened.ok) await opened.value.close();
    },
  };
}

/** Where even a private folder cannot be made, or a secret not be read. */
function cannotBegin(error: unknown): Outcome<never> {
  const why = error instanceof Error ? error.message : String(error);
  return bad(failures.tool(`The MCP server cannot be started: ${why}.`, 'Look at what is in its way.'));
}

async function reachOf(
  place: McpPlace,
  { folder, workspaces }: Pick<InstanceOptions, 'folder' | 'workspaces'>,
): Promise<Outcome<Reach>> {
  const opened = await place.open();
  if (!opened.ok) return opened;
  const transport = opened.value;
  if (transport.kind === 'http') return good(transport);
  const at = path.join(folder, place.digest.slice(0, 16));
  const start = await startOf(transport, { folder: at, workspaces: workspaces() });
  return start.ok ? good({ kind: 'stdio', args: transport.args, start: start.value }) : start;
}
