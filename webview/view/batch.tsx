import { useRef } from 'preact/hooks';
import type { Approval as ApprovalData } from '../../server/protocol/approval.ts';
import type { Call } from '../../server/protocol/turn.ts';
import { Approval } from './approval.tsx';
import { Button } from './button.tsx';
import { useDecision, useSeen } from './decision.ts';
import { Effects } from './effects.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Programs, Sandbox } from './programs.tsx';
import { Revealed } from './revealed.tsx';

/** A call that waits, with its question. */
export type Asked = Call & { readonly approval: ApprovalData };

/**
 * The calls of a message that wait with a like question, each list under its first call: of the same tool, and none
 * that a protection asks for or that asks the person something.
 */
export function likeRequests(calls: readonly Call[]): ReadonlyMap<string, readonly Asked[]> {
  const like = calls.filter(
    (call): call is Asked =>
      call.state === 'waiting' &&
      call.approval !== null &&
      !call.approval.protected &&
      call.approval.effects.every(({ kind }) => kind !== 'ask'),
  );
  const groups = [...Map.groupBy(like, ({ tool }) => tool).values()].filter(({ length }) => length > 1);
  return new Map(groups.flatMap((group) => group.map((call) => [call.call, group] as const)));
}

/** What is in sight where the answer for all is. */
export const together = 'together';

/** Several like questions at once: each by itself in full, then all of them in a list with one answer for all. */
export function Batch({ calls }: { readonly calls: readonly Asked[] }) {
  const t = useText();
  const buttons = useRef<HTMLFieldSetElement>(null);
  const approvals = calls.map(({ approval }) => approval);
  const { inSight } = useFrame().state;
  const seen = useSeen(approvals.map(({ digest }) => digest).join(), buttons, (isSeen) => {
    const others = [...inSight.value].filter((one) => one !== together);
    inSight.value = new Set(isSeen ? [...others, together] : others);
  });
  const { sent, decide } = useDecision(approvals, seen);
  const n = calls.length;
  return (
    <section class="batch" aria-label={t('batch.title', { n })}>
      <p class="batch-lead">
        <Icon name="checklist" />
        <span>{t('batch.title', { n })}</span>
      </p>
      {calls.map(({ approval, preview }) => (
        <Approval key={approval.id} approval={approval} preview={preview} />
      ))}
      <p class="batch-lead">{t('batch.all', { n })}</p>
      <ol class="batch-list">
        {approvals.map((approval) => (
          <li key={approval.id}>
            <Revealed text={t.titled(approval.title)} />
            <Sandbox effects={approval.effects} />
            <Programs effects={approval.effects} />
            <Objects approval={approval} />
          </li>
        ))}
      </ol>
      <fieldset class="buttons" ref={buttons} aria-label={t('batch.title', { n })}>
        <Button icon="check-all" disabled={sent} onPress={() => void decide('approve')}>
          {t('batch.approve', { n })}
        </Button>
        <Button secondary disabled={sent} onPress={() => void decide('deny')}>
          {t('batch.deny', { n })}
        </Button>
      </fieldset>
    </section>
  );
}

function Objects({ approval }: { readonly approval: ApprovalData }) {
  const others = approval.effects.filter(({ kind }) => kind !== 'run');
  return others.length > 0 ? <Effects effects={others} /> : null;
}
