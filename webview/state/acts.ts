import { decideApproval } from '../../server/protocol/approval.ts';
import { publishDeliverable } from '../../server/protocol/deliverable.ts';
import type { Outcome } from '../../server/protocol/failure.ts';
import { abortJob, approveJob, createJob, type UndoReport, undoJob } from '../../server/protocol/job.ts';
import type { ParamsOf } from '../../server/protocol/message.ts';
import type { PageAct } from '../../server/protocol/page.ts';
import { createSession, deleteSession, renameSession } from '../../server/protocol/session.ts';
import { Conversation } from './conversation.ts';
import type { Kept } from './host.ts';
import { listAgain } from './lists.ts';
import type { PageState } from './page.ts';
import type { Wire } from './wire.ts';

type Decision = ParamsOf<typeof decideApproval>['decision'];
type JobKind = 'run' | 'task';

/** What a person can do on the page; a failure is shown, and told by the value. */
export interface Acts {
  openSession(session: string): void;
  leaveSession(): void;
  newSession(ability: string): Promise<boolean>;
  renameSession(id: string, title: string): Promise<boolean>;
  deleteSession(id: string): Promise<boolean>;
  handOver(session: string, text: string, kind: JobKind): Promise<boolean>;
  startJob(id: string): Promise<boolean>;
  abortJob(id: string): Promise<boolean>;
  decide(id: string, digest: string, decision: Decision, reason?: string): Promise<boolean>;
  undo(job: string, execution?: string): Promise<boolean>;
  publish(deliverable: string): Promise<boolean>;
  keep(change: Partial<Kept>): void;
  tell(act: PageAct): void;
  refreshLists(): Promise<void>;
}

/** Binds what a person can do to the page's state and its line. */
export function bindActs(state: PageState, wire: Wire, page: Window): Acts {
  const shown = <T>(outcome: Outcome<T>): outcome is Extract<Outcome<T>, { ok: true }> => {
    state.notice.value = outcome.ok ? null : { kind: 'failure', failure: outcome.failure };
    return outcome.ok;
  };
  const acts: Acts = {
    openSession: (session) => openSession(state, wire, page, session),
    leaveSession() {
      state.conversation.value?.close();
      state.conversation.value = null;
      state.notice.value = null;
      acts.keep({ session: null, anchor: null });
      void acts.refreshLists();
    },
    async newSession(ability) {
      const made = await wire.send(createSession, { ability });
      if (!shown(made)) return false;
      acts.openSession(made.value.id);
      void acts.refreshLists();
      return true;
    },
    async renameSession(id, title) {
      const done = shown(await wire.send(renameSession, { id, title }));
      await acts.refreshLists();
      return done;
    },
    async deleteSession(id) {
      const done = shown(await wire.send(deleteSession, { id }));
      await acts.refreshLists();
      return done;
    },
    handOver: async (session, text, kind) => shown(await wire.send(createJob, { session, text, kind })),
    startJob: async (id) => shown(await wire.send(approveJob, { id })),
    abortJob: async (id) => shown(await wire.send(abortJob, { id })),
    decide: async (id, digest, decision, reason) =>
      shown(await wire.send(decideApproval, { id, digest, decision, ...(reason ? { reason } : {}) })),
    async undo(job, execution) {
      const done = await wire.send(undoJob, { id: job, ...(execution ? { execution } : {}) });
      if (!shown(done)) return false;
      report(state, done.value);
      return done.value.conflicts.length === 0;
    },
    publish: async (id) => shown(await wire.send(publishDeliverable, { id })),
    keep(change) {
      state.kept.value = { ...state.kept.value, ...change };
    },
    tell: (act) => wire.act(act),
    refreshLists: () => listAgain(state, wire.send),
  };
  return acts;
}

function openSession(state: PageState, wire: Wire, page: Window, session: string): void {
  if (state.conversation.value?.session === session) return;
  state.conversation.value?.close();
  const conversation = new Conversation(session, wire.send, page);
  const { kept } = state;
  const anchor = kept.value.session === session ? kept.value.anchor : null;
  kept.value = { ...kept.value, session, anchor };
  state.notice.value = null;
  state.conversation.value = conversation;
  if (state.worker.value !== 'ready') return;
  void conversation.refresh().then(() => (anchor ? conversation.reach(anchor.seq) : undefined));
}

function report(state: PageState, { undone, conflicts }: UndoReport): void {
  const t = state.text.value;
  const [conflict] = conflicts;
  const [first] = undone;
  if (conflict) state.notice.value = { kind: 'failure', failure: conflict.failure };
  else if (!first) state.notice.value = { kind: 'said', text: t('undo.nothing') };
  else if (undone.length === 1)
    state.notice.value = { kind: 'said', text: t('undo.done.one', { title: first.title }) };
  else state.notice.value = { kind: 'said', text: t('undo.done.many', { n: undone.length }) };
}
