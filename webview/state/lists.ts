import { batch } from '@preact/signals';
import { listAbilities } from '../../server/protocol/ability.ts';
import { listApprovals } from '../../server/protocol/approval.ts';
import { listPlaybooks } from '../../server/protocol/plan.ts';
import { listSessions } from '../../server/protocol/session.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

/** Lists sessions, Abilities and playbooks anew; what cannot be listed stays as it was, and is told. */
export async function listAgain(state: PageState, send: Send): Promise<void> {
  if (state.worker.value !== 'ready') return;
  const [abilities, sessions, approvals, playbooks] = await Promise.all([
    send(listAbilities, {}),
    send(listSessions, { limit: 500 }),
    send(listApprovals, {}),
    send(listPlaybooks, {}),
  ]);
  batch(() => {
    if (abilities.ok) state.abilities.value = abilities.value.abilities;
    if (sessions.ok) state.sessions.value = sessions.value.sessions;
    if (approvals.ok)
      state.waiting.value = new Set(approvals.value.approvals.map(({ approval }) => approval.session));
    if (playbooks.ok) state.playbooks.value = playbooks.value.playbooks;
    const failed = [abilities, sessions].find((outcome) => !outcome.ok);
    if (failed && !failed.ok) state.notice.value = { kind: 'failure', failure: failed.failure };
  });
}
