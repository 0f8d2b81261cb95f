import type { Outcome } from '../../server/protocol/failure.ts';
import { redoJob, type UndoReport, undoJob } from '../../server/protocol/job.ts';
import type { TextKey } from '../strings.ts';
import type { Deeds, GoingBack, Way } from './goingBack.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

/** What ends sooner, in ms, is not shown to go on; a second press of the button comes before. */
export const shownAfter = 600;

/** The one of these deeds that is going on. */
export function goingBack({ goingBack }: Pick<PageState, 'goingBack'>, deeds: Deeds): GoingBack | undefined {
  return goingBack.value.find((one) => isSame(one, deeds));
}

/** Makes the function that goes back or forth; it answers no where that is on its way already, or did not come about. */
export function bindWayBack(
  state: PageState,
  send: Send,
  shown: <T>(outcome: Outcome<T>) => outcome is Extract<Outcome<T>, { ok: true }>,
): (deeds: Deeds) => Promise<boolean> {
  return async (deeds) => {
    if (goingBack(state, deeds)) return false;
    const { way, job, execution } = deeds;
    const calling = new AbortController();
    const change = (next: Partial<GoingBack>) => {
      state.goingBack.value = state.goingBack.value.map((one) =>
        isSame(one, deeds) ? { ...one, ...next } : one,
      );
    };
    const stop = () => {
      calling.abort();
      change({ stopping: true });
    };
    const begun: GoingBack = { ...deeds, long: false, stopping: false, stop };
    state.goingBack.value = [...state.goingBack.value, begun];
    const timer = setTimeout(() => change({ long: true }), shownAfter);
    const message = way === 'undo' ? undoJob : redoJob;
    const done = await send(message, { id: job, ...(execution ? { execution } : {}) }, calling.signal);
    clearTimeout(timer);
    state.goingBack.value = state.goingBack.value.filter((one) => !isSame(one, deeds));
    if (!done.ok && done.failure.kind === 'cancelled' && calling.signal.aborted) {
      state.notice.value = { kind: 'said', text: state.text.value('undo.calledOff') };
      return false;
    }
    if (!shown(done)) return false;
    report(state, done.value, words[way]);
    return done.value.conflicts.length === 0;
  };
}

function isSame(one: Deeds, other: Deeds): boolean {
  return one.way === other.way && one.job === other.job && one.execution === other.execution;
}

interface Words {
  readonly one: TextKey;
  readonly many: TextKey;
  readonly nothing: TextKey;
}

const words: Record<Way, Words> = {
  undo: { one: 'undo.done.one', many: 'undo.done.many', nothing: 'undo.nothing' },
  redo: { one: 'redo.done.one', many: 'redo.done.many', nothing: 'redo.nothing' },
};

/** Says what came of it; what changed since is shown with both sides. */
function report(state: PageState, { undone, conflicts }: UndoReport, of: Words): void {
  const t = state.text.value;
  const [first] = undone;
  if (conflicts.length > 0) state.notice.value = { kind: 'conflicts', done: undone.length, conflicts };
  else if (!first) state.notice.value = { kind: 'said', text: t(of.nothing) };
  else if (undone.length === 1)
    state.notice.value = { kind: 'said', text: t(of.one, { title: t.titled(first.title) }) };
  else state.notice.value = { kind: 'said', text: t(of.many, { n: undone.length }) };
}
