import type { AttachedFile } from '../../server/protocol/attachment.ts';
import type { Outcome } from '../../server/protocol/failure.ts';
import { readJournal } from '../../server/protocol/journal.ts';
import type { PageAct } from '../../server/protocol/page.ts';
import { createSession, deleteSession, forkSession, renameSession } from '../../server/protocol/session.ts';
import { addFiles, keepFiles } from './attachments.ts';
import { commandsWrote } from './commands.ts';
import { Conversation } from './conversation.ts';
import { oncePerFrame } from './frames.ts';
import type { DraftImage, Kept } from './host.ts';
import { keepImages } from './images.ts';
import { bindJobActs, type JobActs, type Words } from './jobActs.ts';
import { listCommands } from './listCommands.ts';
import { listAgain } from './lists.ts';
import type { PageState } from './page.ts';
import { listReplaced } from './replaced.ts';
import type { Send, Wire } from './wire.ts';

/** What a person can do on the page; a failure is shown, and told by the value. */
export interface Acts extends JobActs {
  /** Shows a session, at a job of it where one is named. */
  openSession(session: string, job?: string): void;
  leaveSession(): void;
  newSession(ability: string): Promise<boolean>;
  renameSession(id: string, title: string): Promise<boolean>;
  deleteSession(id: string): Promise<boolean>;
  /** Opens a session that begins with what this one said up to the end of a job, or up to one of its messages. */
  fork(session: string, job: string, at?: number | 'end'): Promise<boolean>;
  /** Says words anew in a session that begins with what was said before a job; they stay in its draft where that fails, with what was given. */
  forkAnew(session: string, job: string, words: Words): Promise<boolean>;
  /** Puts images and other files to a session's draft. */
  addFiles(session: string, files: readonly File[]): Promise<void>;
  keepFiles(session: string, files: readonly AttachedFile[]): void;
  keepImages(session: string, images: readonly DraftImage[]): void;
  keep(change: Partial<Kept>): void;
  /** Says a line to a screen reader. */
  say(text: string): void;
  tell(act: PageAct): void;
  /** Asks the worker for what no list of this page holds. */
  readonly send: Send;
  refreshLists(): Promise<void>;
  listCommands(): Promise<void>;
  listReplaced(): Promise<void>;
  /** Takes what a command wrote; the page shows it once a frame. */
  hearCommand(id: string, text: string): void;
}

/** Binds what a person can do to the page's state and its line. */
export function bindActs(state: PageState, wire: Wire, page: Window): Acts {
  const shown = <T>(outcome: Outcome<T>): outcome is Extract<Outcome<T>, { ok: true }> => {
    state.notice.value = outcome.ok ? null : { kind: 'failure', failure: outcome.failure };
    return outcome.ok;
  };
  const opened = (made: Outcome<{ id: string }>): made is Extract<typeof made, { ok: true }> => {
    if (!shown(made)) return false;
    acts.openSession(made.value.id);
    void acts.refreshLists();
    return true;
  };
  const acts: Acts = {
    ...bindJobActs(state, wire.send, shown),
    openSession(session, job) {
      if (job === undefined) openSession(state, wire, page, session);
      else void openAtJob(state, wire, page, session, job);
    },
    leaveSession() {
      state.conversation.value?.close();
      state.conversation.value = null;
      state.notice.value = null;
      acts.keep({ session: null, anchor: null });
      void acts.refreshLists();
    },
    newSession: async (ability) => opened(await wire.send(createSession, { ability })),
    fork: async (session, job, at = 'end') => opened(await wire.send(forkSession, { id: session, job, at })),
    async forkAnew(session, job, words) {
      const made = await wire.send(forkSession, { id: session, job, at: 'start' });
      if (!opened(made)) return false;
      if (await acts.handOver(made.value.id, words)) return true;
      const { id } = made.value;
      const pictures = (words.images ?? []).map((image) => ({
        image,
        thumb: state.thumbs.value[image.digest] ?? '',
      }));
      acts.keep({ drafts: { ...state.kept.value.drafts, [id]: words.text } });
      acts.keepImages(id, pictures);
      acts.keepFiles(id, words.files ?? []);
      return false;
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
    addFiles: (session, files) => addFiles(state, wire.send, session, files),
    keepFiles: (session, files) => keepFiles(state, session, files),
    keepImages: (session, images) => keepImages(state, session, images),
    keep(change) {
      state.kept.value = { ...state.kept.value, ...change };
    },
    say(text) {
      state.polite.value = text;
    },
    tell: (act) => wire.act(act),
    send: wire.send,
    refreshLists: () => listAgain(state, wire.send),
    listCommands: () => listCommands(state, wire.send),
    listReplaced: () => listReplaced(state, wire.send),
    hearCommand: hearing(state, page),
  };
  return acts;
}

/** Gathers what commands write until the next frame. */
function hearing(state: PageState, page: Window): Acts['hearCommand'] {
  let written: Record<string, string> = {};
  const frames = oncePerFrame(() => {
    state.commands.value = commandsWrote(state.commands.value, written);
    written = {};
  }, page);
  return (id, text) => {
    written[id] = (written[id] ?? '') + text;
    frames.ask();
  };
}

/** Shows a session where a job of it began, unless another was wanted meanwhile; its newest part where that is not known. */
async function openAtJob(
  state: PageState,
  wire: Wire,
  page: Window,
  session: string,
  job: string,
): Promise<void> {
  state.conversation.value?.close();
  state.conversation.value = null;
  state.kept.value = { ...state.kept.value, session, anchor: null };
  const filter = { stream: session, job, types: ['job.created' as const] };
  const read = await wire.send(readJournal, { filter, limit: 1 });
  if (state.conversation.value !== null || state.kept.value.session !== session) return;
  const seq = read.ok ? read.value.entries[0]?.seq : undefined;
  const anchor = seq === undefined ? null : { seq, offset: 0 };
  state.kept.value = { ...state.kept.value, session, anchor };
  openSession(state, wire, page, session);
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
  void listReplaced(state, wire.send);
  void conversation.refresh().then(() => (anchor ? conversation.reach(anchor.seq) : undefined));
}
