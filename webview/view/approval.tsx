import { useEffect, useRef, useState } from 'preact/hooks';
import type { Approval as ApprovalData, Preview as PreviewData } from '../../server/protocol/approval.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { countdown } from '../text/measures.ts';
import { Button } from './button.tsx';
import { useFrame, useNow, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Effects, gravity, Preview } from './preview.tsx';
import { Revealed } from './revealed.tsx';

/** Milliseconds for which a question must have been in sight before a press counts (SECURITY S6). */
export const sightTime = 500;

interface ApprovalProps {
  readonly approval: ApprovalData;
  readonly preview: PreviewData | null;
  /** Whether the job itself asks, so that nothing like it follows. */
  readonly single?: boolean;
}

/** A question to the person, in place: what exactly would happen, who asks, and for how long. */
export function Approval({ approval, preview, single = false }: ApprovalProps) {
  const t = useText();
  const { acts } = useFrame();
  const buttons = useRef<HTMLFieldSetElement>(null);
  const inSight = useInSight(approval.id, buttons);
  const [sent, setSent] = useState(false);
  const now = useNow(1000, true);
  const left = countdown(approval.expires - now);
  const decide = async (decision: 'approve' | 'approveForJob' | 'deny') => {
    if (!inSight() || sent) return;
    setSent(true);
    if (!(await acts.decide(approval.id, approval.digest, decision))) setSent(false);
  };
  const grave = approval.effects.some((effect) => gravity(effect, t).length > 0);
  return (
    <section
      class="ask"
      aria-label={t('ask.label', { title: revealed(approval.title) })}
      tabIndex={-1}
      data-ask={approval.id}
    >
      <header>
        <Icon name="question" />
        <span class="ask-lead">{t('ask.title')}</span>
        <span class="ask-left" role="timer" aria-label={t('ask.leftAbout', { time: left })}>
          {t('ask.left', { time: left })}
        </span>
      </header>
      <p class="ask-title">
        <Revealed text={approval.title} />
      </p>
      {preview ? <Preview preview={preview} /> : null}
      {!preview || grave ? <Effects effects={approval.effects} /> : null}
      <p class="ask-rule">
        {approval.protected ? (
          <span class="protected">
            <Icon name="lock" /> {t('ask.protected')}
          </span>
        ) : null}
        <Revealed text={t('ask.rule', { rule: approval.rule })} />
      </p>
      <fieldset class="buttons" ref={buttons} aria-label={t('ask.title')}>
        <Button icon="check" disabled={sent} onPress={() => void decide('approve')}>
          {t('ask.approve')}
        </Button>
        {approval.protected || single ? null : (
          <Button
            secondary
            disabled={sent}
            about={t('ask.forJobAbout')}
            onPress={() => void decide('approveForJob')}
          >
            {t('ask.forJob')}
          </Button>
        )}
        <Button secondary disabled={sent} onPress={() => void decide('deny')}>
          {t('ask.deny')}
        </Button>
      </fieldset>
    </section>
  );
}

/** Tells whether a question has been in sight for long enough since it first came into it. */
function useInSight(id: string, place: { readonly current: Element | null }): () => boolean {
  const { inSight } = useFrame().state;
  const since = useRef<number | null>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const mark = (seen: boolean) => {
      const others = [...inSight.value].filter((one) => one !== id);
      inSight.value = new Set(seen ? [...others, id] : others);
    };
    const observer = new IntersectionObserver((entries) => {
      const seen = entries.at(-1)?.isIntersecting ?? false;
      mark(seen);
      if (seen && document.visibilityState === 'visible') since.current ??= performance.now();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      mark(false);
    };
  }, [id, place, inSight]);
  return () => since.current !== null && performance.now() - since.current >= sightTime;
}
