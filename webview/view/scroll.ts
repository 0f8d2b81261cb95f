import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../state/conversation.ts';
import type { Row } from '../state/rows.ts';
import { useFrame } from './frame.ts';

/** Nearer than this to the bottom counts as at the bottom; nearer than that to the top loads older turns. */
const bottomEdge = 32;
const topEdge = 1200;

interface Place<T> {
  readonly current: T | null;
}

interface Scrolling {
  readonly conversation: Conversation;
  readonly scroller: Place<HTMLElement>;
  readonly content: Place<HTMLElement>;
  readonly rows: readonly Row[];
}

/** Keeps the newest in sight while at the bottom, the place over a reload, and loads older turns on the way up. */
export function useScroll({ conversation, scroller, content, rows }: Scrolling) {
  const { state, acts } = useFrame();
  const goal = useRef(state.kept.value.anchor);
  const [pinned, setPinned] = useState(goal.current === null);
  const held = useRef({ pinned, top: 0 }).current;
  const pin = useCallback(
    (next: boolean) => {
      held.pinned = next;
      setPinned(next);
    },
    [held],
  );
  const toNewest = useCallback(() => {
    goal.current = null;
    pin(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [pin, scroller]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onScroll = () => {
      const below = element.scrollHeight - element.clientHeight - element.scrollTop;
      if (below < bottomEdge) pin(true);
      else if (element.scrollTop < held.top) pin(false);
      held.top = element.scrollTop;
      if (goal.current === null) acts.keep({ anchor: held.pinned ? null : topTurn(element) });
      loadOlder(element, conversation);
    };
    const letGo = () => {
      goal.current = null;
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', letGo, { passive: true });
    element.addEventListener('keydown', letGo);
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', letGo);
      element.removeEventListener('keydown', letGo);
    };
  }, [conversation, scroller, pin, held, acts]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !content.current) return;
    const observer = new ResizeObserver(() => {
      if (held.pinned) element.scrollTop = element.scrollHeight;
      held.top = element.scrollTop;
    });
    observer.observe(content.current);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, content, held]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || rows.length === 0) return;
    if (held.pinned) element.scrollTop = element.scrollHeight;
    else if (goal.current) restore(element, goal.current);
    loadOlder(element, conversation);
  }, [rows, conversation, scroller, held]);

  return { pinned, toNewest };
}

function loadOlder(element: HTMLElement, conversation: Conversation): void {
  if (element.scrollTop > topEdge || !conversation.more.value || conversation.phase.value !== 'ready') return;
  if (element.scrollTop === 0 && element.scrollHeight > element.clientHeight) element.scrollTop = 1;
  void conversation.older();
}

/** The turn that crosses the upper edge, and how far above the edge it begins. */
function topTurn(element: HTMLElement): { seq: number; offset: number } | null {
  const edge = element.getBoundingClientRect().top;
  for (const turn of element.querySelectorAll<HTMLElement>('[data-seq]')) {
    const box = turn.getBoundingClientRect();
    if (box.bottom > edge) return { seq: Number(turn.dataset.seq), offset: Math.round(edge - box.top) };
  }
  return null;
}

function restore(element: HTMLElement, goal: { seq: number; offset: number }): void {
  const turn = element.querySelector<HTMLElement>(`[data-seq="${goal.seq}"]`);
  if (!turn) return;
  const edge = element.getBoundingClientRect().top;
  element.scrollTop += turn.getBoundingClientRect().top - edge + goal.offset;
}
