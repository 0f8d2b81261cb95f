import type { JobState } from '../../server/protocol/job.ts';
import type { Entry } from '../../server/protocol/journal.ts';
import { jobStateAfter } from '../../server/protocol/transcript.ts';

/** What of one job's answer has come so far; never kept, the journal's message replaces it. */
export interface Live {
  readonly text: string;
  readonly thinking: string;
  /** The tool whose call is being written. */
  readonly tool: string | null;
}

/** The answers on their way, by job. */
export type Overlay = Readonly<Record<string, Live>>;

/** One piece of an answer, as `butler/job/token` brings it. */
export interface Piece {
  readonly job: string;
  readonly kind: 'text' | 'thinking' | 'tool' | 'restart';
  readonly text: string;
}

/** Adds pieces to the answers on their way; a restart drops what came before it. */
export function addPieces(overlay: Overlay, pieces: readonly Piece[]): Overlay {
  const next: Record<string, Live> = { ...overlay };
  for (const { job, kind, text } of pieces) {
    const live = next[job] ?? nothing;
    next[job] = grow[kind](live, text);
  }
  return next;
}

/** Drops the answers that entries have replaced or ended. */
export function dropReplaced(overlay: Overlay, entries: readonly Entry[]): Overlay {
  const gone = new Set(
    entries.flatMap((entry) => (entry.job && entry.job in overlay && replaces(entry) ? [entry.job] : [])),
  );
  if (gone.size === 0) return overlay;
  return Object.fromEntries(Object.entries(overlay).filter(([job]) => !gone.has(job)));
}

const nothing: Live = { text: '', thinking: '', tool: null };

const grow = {
  text: (live, text) => ({ ...live, text: live.text + text, tool: null }),
  thinking: (live, text) => ({ ...live, thinking: live.thinking + text }),
  tool: (live, text) => ({ ...live, tool: text }),
  restart: () => nothing,
} satisfies Record<Piece['kind'], (live: Live, text: string) => Live>;

const ended: readonly (JobState | null)[] = ['completed', 'failed', 'aborted'];

function replaces(entry: Entry): boolean {
  return entry.type === 'message.added' || ended.includes(jobStateAfter(entry));
}
