import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Acts } from '../state/acts.ts';
import type { PageState } from '../state/page.ts';
import type { Text } from '../strings.ts';

/** What every view may read and do. */
export interface Frame {
  readonly state: PageState;
  readonly acts: Acts;
}

/** Carries the frame to the views. */
export const FrameContext = createContext<Frame | null>(null);

/** The frame of the page that a view stands in. */
export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (!frame) throw new Error('A view was rendered outside the page.');
  return frame;
}

/** Whether a view tells what was done in another session, whose news do not come here. */
export const Elsewhere = createContext(false);

/** The page's texts. */
export function useText(): Text {
  return useFrame().state.text.value;
}

/** The time now, ticking each `every` milliseconds while `ticking`. */
export function useNow(every: number, ticking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every, ticking]);
  return now;
}
