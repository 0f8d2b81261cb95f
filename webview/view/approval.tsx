import { useRef } from 'preact/hooks';
import type { Approval as ApprovalData, Preview as PreviewData } from '../../server/protocol/approval.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { AgentQuestion } from './agentQuestion.tsx';
import { AskHead } from './askHead.tsx';
import { Choices } from './choices.tsx';
import { useDecision, useQuestionSeen } from './decision.ts';
import { Effects, gravity } from './effects.tsx';
import { useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Preview } from './preview.tsx';
import { Programs, Sandbox } from './programs.tsx';
import { Revealed } from './revealed.tsx';

interface ApprovalProps {
  readonly approval: ApprovalData;
  readonly preview: PreviewData | null;
  /** Whether the job itself asks, so that nothing like it follows. */
  readonly single?: boolean;
}

/** A question to the person, in place: what exactly would happen, who asks, and for how long. */
export function Approval({ approval, preview, single = false }: ApprovalProps) {
  const ask = approval.effects.find((effect) => effect.kind === 'ask');
  if (ask) return <AgentQuestion approval={approval} ask={ask} />;
  return <Permit approval={approval} preview={preview} single={single} />;
}

function Permit({ approval, preview, single }: Required<ApprovalProps>) {
  const t = useText();
  const buttons = useRef<HTMLDivElement>(null);
  const deciding = useDecision([approval], useQuestionSeen(approval.id, buttons));
  const others = approval.effects.filter(({ kind }) => kind !== 'run');
  const grave = others.some((effect) => gravity(effect, t).length > 0);
  const listed = !preview || grave || others.length < approval.effects.length;
  return (
    <section
      class="ask"
      aria-label={t('ask.label', { title: revealed(t.titled(approval.title)) })}
      tabIndex={-1}
      data-ask={approval.id}
    >
      <AskHead icon="question" lead={t('ask.title')} expires={approval.expires} />
      <p class="ask-title">
        <Revealed text={t.titled(approval.title)} />
      </p>
      <Sandbox effects={approval.effects} />
      {preview ? <Preview preview={preview} /> : null}
      <Programs effects={approval.effects} said={preview?.kind === 'text' ? preview.text : null} />
      {listed && others.length > 0 ? <Effects effects={others} /> : null}
      <p class="ask-rule">
        {approval.protected ? (
          <span class="protected">
            <Icon name="lock" /> {t('ask.protected')}
          </span>
        ) : null}
        <Revealed text={t('ask.rule', { rule: t.said(approval.rule) })} />
      </p>
      <div ref={buttons}>
        <Choices approval={approval} single={single} deciding={deciding} />
      </div>
    </section>
  );
}
