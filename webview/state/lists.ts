import { batch } from '@preact/signals';
import { listAbilities } from '../../server/protocol/ability.ts';
import { listApprovals } from '../../server/protocol/approval.ts';
import { listPlaybooks } from '../../server/protocol/plan.ts';
import { listProviders } from '../../server/protocol/provider.ts';
import { listSessions } from '../../server/protocol/session.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

/** Lists sessions, Abilities, playbooks and providers anew; what cannot be listed stays as it was, and is told. */
export async function listAgain(state: PageState, send: Send): Promise<void> {
  if (state.worker.value !== 'ready') return;
  const [abilities, sessions, approvals, playbooks, providers] = await Promise.all([
    send(listAbilities, {}),
    send(listSessions, { limit: 500 }),
    send(listApprovals, {}),
    send(listPlaybooks, {}),
    send(listProviders, { look: false }),
  ]);
  batch(() => {
    if (abilities.ok) state.abilities.value = abilities.value.abilities;
    if (sessions.ok) state.sessions.value = sessions.value.sessions;
    if (approvals.ok)
      state.waiting.value = new Set(approvals.value.approvals.map(({ approval }) => approval.session));
    if (playbooks.ok) state.playbooks.value = playbooks.value.playbooks;
    if (providers.ok) state.providers.value = providers.value.providers;
    const failed = [abilities, sessions].find((outcome) => !outcome.ok);
    if (failed && !failed.ok) state.notice.value = { kind: 'failure', failure: failed.failure };
  });
}
