import { listPublications } from '../../server/protocol/deliverable.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

/** Lists which publications of the session on screen lost their place to a later one, which another session may tell. */
export async function listReplaced(state: PageState, send: Send): Promise<void> {
  const session = state.conversation.value?.session;
  if (session === undefined || state.worker.value !== 'ready') return;
  const read = await send(listPublications, { session, limit: 500 });
  if (!read.ok || state.conversation.value?.session !== session) return;
  const gone = read.value.publications.filter(({ stands, undone }) => !stands && undone === null);
  state.replaced.value = new Set(gone.map(({ publication }) => publication.execution));
}
