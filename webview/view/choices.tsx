import { useRef, useState } from 'preact/hooks';
import type { Approval } from '../../server/protocol/approval.ts';
import { AlwaysRule } from './alwaysRule.tsx';
import { Button } from './button.tsx';
import type { Deciding } from './decision.ts';
import { useFrame, useText } from './frame.ts';

interface ChoicesProps {
  readonly approval: Approval;
  readonly single: boolean;
  readonly deciding: Deciding;
}

/** What a person may answer; "always" shows first what it would write, "no" may say why. */
export function Choices({ approval, single, deciding }: ChoicesProps) {
  const t = useText();
  const { acts } = useFrame();
  const { sent, decide } = deciding;
  const place = useRef<HTMLFieldSetElement>(null);
  const [step, setStep] = useState<'choose' | 'always'>('choose');
  const [reason, setReason] = useState<string | null>(null);
  const { always } = approval;
  const back = () => {
    setStep('choose');
    acts.say(t('always.left'));
    requestAnimationFrame(() => place.current?.querySelector<HTMLElement>('.always')?.focus());
  };
  if (step === 'always' && always) {
    return (
      <AlwaysRule rule={always} sent={sent} onWrite={() => void decide('approveAlways')} onBack={back} />
    );
  }
  const why = reason?.trim() ?? '';
  const deny = () => void decide('deny', why === '' ? {} : { reason: why });
  return (
    <>
      <fieldset class="buttons" ref={place} aria-label={t('ask.title')}>
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
        {always && !approval.protected && !single ? (
          <Button
            secondary
            class="always"
            disabled={sent}
            about={t('always.about')}
            onPress={() => setStep('always')}
          >
            {t('always.open')}
          </Button>
        ) : null}
        <Button secondary disabled={sent} onPress={deny}>
          {t('ask.deny')}
        </Button>
        {reason === null ? (
          <button type="button" class="quiet why-not" onClick={() => setReason('')}>
            {t('ask.whyNot')}
          </button>
        ) : null}
      </fieldset>
      {reason === null ? null : (
        <Reason
          reason={reason}
          onWrite={setReason}
          onDeny={deny}
          onLeave={() => {
            setReason(null);
            requestAnimationFrame(() => place.current?.querySelector<HTMLElement>('.why-not')?.focus());
          }}
        />
      )}
    </>
  );
}

interface ReasonProps {
  readonly reason: string;
  onWrite(reason: string): void;
  onDeny(): void;
  onLeave(): void;
}

/** Why not, for the agent to read; Enter denies. */
function Reason({ reason, onWrite, onDeny, onLeave }: ReasonProps) {
  const t = useText();
  return (
    <input
      class="text-field"
      type="text"
      value={reason}
      maxLength={500}
      aria-label={t('ask.reason')}
      placeholder={t('ask.reasonHint')}
      ref={focusOnce}
      onInput={(event) => onWrite(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === 'Enter') onDeny();
        else if (event.key === 'Escape') onLeave();
        else return;
        event.preventDefault();
      }}
    />
  );
}

/** Takes the focus when it comes, and not again. */
function focusOnce(element: HTMLElement | null): void {
  if (!element || element.dataset.focused) return;
  element.dataset.focused = 'yes';
  element.focus();
}
