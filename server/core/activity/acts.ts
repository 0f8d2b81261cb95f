import type { Act } from '../../protocol/activity.ts';
import type { Effect } from '../../protocol/effect.ts';
import { effectObject } from '../../protocol/effectText.ts';
import type { EntryType } from '../../protocol/entryData.ts';
import type { Entry } from '../../protocol/journal.ts';
import type { ActRow } from '../ports/store.ts';
import { adminTitle, isAdminAct } from './adminActs.ts';

/** The types of the entries that begin an act; what became of it is in the row beside. */
export const actTypes = [
  'execution.started',
  'call.refused',
  'approval.requested',
  'approval.decided',
  'job.created',
  'job.modeSet',
  'job.abortRequested',
  'budget.raised',
  'ability.saved',
  'ability.deleted',
  'provider.saved',
  'provider.removed',
  'settings.saved',
  'session.deleted',
  'content.deleted',
  'admin.paused',
  'admin.resumed',
  'secret.changed',
  'policy.changed',
  'permission.changed',
  'mcp.saved',
  'mcp.removed',
  'mcp.pinned',
  'target.connected',
  'target.disconnected',
  'undo.pruned',
] as const satisfies readonly EntryType[];
export type ActType = (typeof actTypes)[number];

/** The act that a row tells of; `null` where another row tells of the same. */
export function actOf(row: ActRow): Act | null {
  const { entry } = row;
  switch (entry.type) {
    case 'execution.started':
      return executed(row, entry);
    case 'call.refused':
      return refused(row, entry);
    case 'approval.requested':
      return row.approval?.decision === null ? asked(row, entry) : null;
    case 'approval.decided':
      return decided(row, entry);
    default:
      return isAdminAct(entry)
        ? { ...frame(row), title: adminTitle(entry, row.text), tool: entry.type, outcome: 'ok' }
        : null;
  }
}

/** What the effects touch, as a person names it. */
export function objectsOf(effects: readonly Effect[]): string[] {
  return [...new Set(effects.map(objectOf))];
}

type Of<T extends EntryType> = Extract<Entry, { type: T }>;

/** What every act has; the rest is laid over it. */
function frame({ entry, ability }: ActRow): Omit<Act, 'title' | 'tool' | 'outcome'> {
  return {
    seq: entry.seq,
    time: entry.time,
    actor: entry.actor,
    effects: [],
    objects: [],
    note: '',
    job: entry.job,
    session: entry.stream === 'admin' ? null : entry.stream,
    ability,
  };
}

function effectsOf(effects: readonly Effect[]): Pick<Act, 'effects' | 'objects'> {
  return { effects: [...new Set(effects.map(({ kind }) => kind))], objects: objectsOf(effects) };
}

const ends = {
  started: 'running',
  ok: 'ok',
  error: 'failed',
  interrupted: 'interrupted',
  undone: 'undone',
} as const satisfies Record<string, Act['outcome']>;

function executed(row: ActRow, { data }: Of<'execution.started'>): Act {
  const outcome = ends[row.execution?.state ?? 'started'];
  const told = outcome === 'failed' || outcome === 'interrupted' ? firstLine(row.text) : data.rule;
  const { title, tool, effects } = data;
  return { ...frame(row), ...effectsOf(effects), title, tool, outcome, note: told };
}

function refused(row: ActRow, { data }: Of<'call.refused'>): Act | null {
  const { tool, reason, rule, title = tool, effects = [] } = data;
  if (reason === 'denied' || reason === 'expired') return null;
  const outcome = reason === 'policy' ? 'denied' : 'refused';
  return { ...frame(row), ...effectsOf(effects), title, tool, outcome, note: rule };
}

function asked(row: ActRow, { data: { approval } }: Of<'approval.requested'>): Act {
  const { title, tool, effects, rule } = approval;
  return { ...frame(row), ...effectsOf(effects), title, tool, outcome: 'waiting', note: rule };
}

function decided(row: ActRow, { data, type }: Of<'approval.decided'>): Act {
  const { approval } = row;
  const outcome = data.decision === 'approved' ? 'ok' : 'denied';
  const scope = data.always ? ' (always)' : data.forJob ? ' (for this job)' : '';
  const note = data.reason ?? (data.decision === 'expired' ? 'Nobody answered in time.' : '');
  const title = `${words[data.decision]}${scope}: ${approval?.title ?? data.approval}`;
  return { ...frame(row), ...effectsOf(approval?.effects ?? []), title, tool: type, outcome, note };
}

const words = { approved: 'Approved', denied: 'Denied', expired: 'Expired' } as const;

/** Of a command its words alone: they are searched, and its folder is that of the job. */
function objectOf(effect: Effect): string {
  return effect.kind === 'run' ? effect.argv.join(' ') : effectObject(effect);
}

/** The beginning of what a tool said, short enough for a list. */
function firstLine(text: string | null): string {
  const line = text?.trim().split('\n', 1)[0] ?? '';
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
