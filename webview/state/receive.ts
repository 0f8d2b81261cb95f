import { batch } from '@preact/signals';
import type { Approval } from '../../server/protocol/approval.ts';
import { abilitiesChanged } from '../../server/protocol/editor.ts';
import type { EntryType } from '../../server/protocol/entryData.ts';
import { token } from '../../server/protocol/job.ts';
import { type Entry, journalAppended } from '../../server/protocol/journal.ts';
import type { ParamsOf } from '../../server/protocol/message.ts';
import { processChanged, processOutput } from '../../server/protocol/process.ts';
import { providersChanged } from '../../server/protocol/provider.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { showSession } from '../../server/protocol/session.ts';
import type { Text } from '../strings.ts';
import type { Acts } from './acts.ts';
import { commandChanged } from './commands.ts';
import type { PageState } from './page.ts';
import type { Inbound } from './wire.ts';

/** Takes what comes unasked from the extension: where the worker stands, and its news. */
export function receive(state: PageState, acts: Acts, inbound: Inbound): void {
  switch (inbound.kind) {
    case 'state':
      receiveState(state, acts, inbound);
      break;
    case 'show':
      show(acts, inbound);
      break;
    case 'preview':
      state.look.value = { deliverable: inbound.deliverable, path: inbound.path };
      break;
    case 'news':
      news[inbound.method]?.(state, acts, inbound.params);
      break;
  }
}

function receiveState(state: PageState, acts: Acts, inbound: Extract<Inbound, { kind: 'state' }>): void {
  const first = state.worker.value === null;
  const wakes = inbound.worker === 'ready' && state.worker.value !== 'ready';
  batch(() => {
    state.worker.value = inbound.worker;
    state.stopped.value = inbound.failure ?? null;
    state.strings.value = inbound.strings;
    state.sentences.value = inbound.sentences ?? {};
    state.mode.value = inbound.mode ?? 'ask';
    if (first && inbound.session !== undefined) acts.openSession(inbound.session);
  });
  if (!wakes || state.alone) return;
  void acts.refreshLists();
  void acts.listCommands();
  void acts.listReplaced();
  const conversation = state.conversation.value;
  const { anchor } = state.kept.value;
  void conversation?.refresh().then(() => (anchor ? conversation.reach(anchor.seq) : undefined));
}

function show(acts: Acts, { session, ability, job }: Extract<Inbound, { kind: 'show' }>): void {
  if (session !== null) acts.openSession(session, job);
  else if (ability !== undefined) void acts.newSession(ability);
  else acts.leaveSession();
}

type Take = (state: PageState, acts: Acts, params: unknown) => void;

const news: Readonly<Record<string, Take | undefined>> = {
  [journalAppended.method]: (state, acts, params) => {
    const parsed = journalAppended.params.safeParse(params);
    if (parsed.success) receiveEntries(state, acts, parsed.data);
  },
  [token.method]: (state, _acts, params) => {
    const parsed = token.params.safeParse(params);
    if (parsed.success) state.conversation.value?.append([parsed.data]);
  },
  [showSession.method]: (_state, acts, params) => {
    const parsed = showSession.params.safeParse(params);
    if (parsed.success) acts.openSession(parsed.data.session);
  },
  [processChanged.method]: (state, _acts, params) => {
    const parsed = processChanged.params.safeParse(params);
    if (parsed.success) state.commands.value = commandChanged(state.commands.value, parsed.data.process);
  },
  [processOutput.method]: (_state, acts, params) => {
    const parsed = processOutput.params.safeParse(params);
    if (parsed.success) acts.hearCommand(parsed.data.id, parsed.data.text);
  },
  [abilitiesChanged.method]: (_state, acts) => void acts.refreshLists(),
  [providersChanged.method]: (_state, acts) => void acts.refreshLists(),
};

/** Entries after which the list of sessions reads differently. */
const listed: readonly EntryType[] = [
  ...(['session.created', 'session.renamed', 'session.deleted', 'job.created', 'job.claimed'] as const),
  ...(['job.completed', 'job.failed', 'job.aborted', 'approval.requested', 'approval.decided'] as const),
];

/** Entries after which a publication may stand where another stood. */
const publishing: readonly EntryType[] = ['deliverable.published', 'deliverable.unpublished'];

function receiveEntries(state: PageState, acts: Acts, { entries }: ParamsOf<typeof journalAppended>): void {
  const conversation = state.conversation.value;
  conversation?.append(entries);
  const ours = entries.filter((entry) => entry.stream === conversation?.session);
  announce(state, ours);
  if (entries.some(({ type }) => publishing.includes(type))) void acts.listReplaced();
  if (!entries.some((entry) => listed.includes(entry.type))) return;
  const renamed = ours.some((entry) => entry.type === 'session.renamed' || entry.type === 'job.created');
  if (!conversation || renamed) void acts.refreshLists();
}

/** Says to a screen reader what a person with eyes would notice. */
function announce(state: PageState, entries: readonly Entry[]): void {
  const t = state.text.value;
  for (const entry of entries) {
    if (entry.type === 'approval.requested') state.assertive.value = questionWords(entry.data.approval, t);
    if (entry.type === 'message.added') {
      const parts = (entry.body as { parts?: { kind: string; text?: string }[] } | undefined)?.parts ?? [];
      const said = parts.flatMap((part) => (part.kind === 'text' ? [part.text ?? ''] : [])).join(' ');
      if (said) state.polite.value = t('answer.finished', { text: said.slice(0, 500) });
    }
    const line = lineOf(entry, t);
    if (line) state.polite.value = line;
    if (entry.type === 'job.failed')
      state.polite.value = t.said(`${entry.data.failure.what} ${entry.data.failure.mend}`);
  }
}

function questionWords({ title, effects }: Approval, t: Text): string {
  const ask = effects.find((effect) => effect.kind === 'ask');
  if (ask) return t('question.announce', { question: revealed(ask.question) });
  return t('ask.announce', { title: revealed(t.titled(title)) });
}

/** What stands in one line of the conversation and matters at once. */
function lineOf(entry: Entry, t: Text): string | null {
  switch (entry.type) {
    case 'provider.switched':
      return t('turn.switched', { from: entry.data.from.provider, to: entry.data.to.provider });
    case 'network.awaited':
      return t('turn.network', { who: entry.data.who });
    case 'network.returned':
      return t('turn.networkBack');
    default:
      return null;
  }
}
