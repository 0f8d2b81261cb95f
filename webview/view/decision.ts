import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Approval } from '../../server/protocol/approval.ts';
import type { Decision, Said } from '../state/jobActs.ts';
import { useFrame } from './frame.ts';

/** Milliseconds for which a question must have been in sight before a press counts (SECURITY S6). */
export const sightTime = 500;

/** How a person's press becomes a decision. */
export interface Deciding {
  /** Whether a decision is on its way. */
  readonly sent: boolean;
  /** Sends the decision, unless what is decided was not in sight for long enough; answers whether it was taken. */
  decide(decision: Decision, said?: Said): Promise<boolean>;
}

/** Decides one approval, or several like ones each by its own digest; then the keyboard goes on with what comes next. */
export function useDecision(approvals: readonly Approval[], inSight: () => boolean): Deciding {
  const { acts } = useFrame();
  const [sent, setSent] = useState(false);
  const decide: Deciding['decide'] = async (decision, said) => {
    if (sent || !inSight()) return false;
    setSent(true);
    for (const one of approvals) {
      if (await acts.decide(one, decision, said)) continue;
      setSent(false);
      return false;
    }
    goOn(approvals.map(({ id }) => id));
    return true;
  };
  return { sent, decide };
}

/**
 * Tells whether what `place` marks has been in sight for long enough since it first came into it; `key` says what
 * it is, and another one begins anew.
 */
export function useSeen(
  key: string,
  place: RefObject<Element | null>,
  mark?: (seen: boolean) => void,
): () => boolean {
  const since = useRef<number | null>(null);
  useEffect(() => {
    const element = place.current;
    since.current = null;
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      const seen = entries.at(-1)?.isIntersecting ?? false;
      mark?.(seen);
      if (seen && document.visibilityState === 'visible') since.current ??= performance.now();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      mark?.(false);
    };
  }, [key, place]);
  return () => since.current !== null && performance.now() - since.current >= sightTime;
}

/** The same for the buttons of one question, which the page is told of. */
export function useQuestionSeen(id: string, place: RefObject<Element | null>): () => boolean {
  const { inSight } = useFrame().state;
  return useSeen(id, place, (seen) => {
    const others = [...inSight.value].filter((one) => one !== id);
    inSight.value = new Set(seen ? [...others, id] : others);
  });
}

/** Where the focus was in what is decided, it goes to the next question, else to the field. */
function goOn(decided: readonly string[]): void {
  const at = document.activeElement;
  if (at && at !== document.body && !at.closest('.ask, .batch')) return;
  const waiting = [...document.querySelectorAll<HTMLElement>('[data-ask]')];
  const next = waiting.find((one) => !decided.includes(one.dataset.ask ?? ''));
  (next ?? document.querySelector<HTMLElement>('.composer-field'))?.focus();
}
