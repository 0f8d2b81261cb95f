import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

/** Tells a chunk whether it is near what is in sight. */
export type Observe = (element: Element, tell: (near: boolean) => void) => () => void;

/** Watches which elements are near what is in sight of a scroller. */
export function useNear(scroller: { readonly current: HTMLElement | null }): Observe {
  const tells = useRef(new Map<Element, (near: boolean) => void>()).current;
  const [observer] = useState(() => ({ current: null as IntersectionObserver | null }));
  useLayoutEffect(() => () => observer.current?.disconnect(), [observer]);
  return useMemo(
    () => (element, tell) => {
      observer.current ??= new IntersectionObserver(
        (seen) => {
          for (const one of seen) tells.get(one.target)?.(one.isIntersecting);
        },
        { root: scroller.current, rootMargin: '1500px 0px' },
      );
      tells.set(element, tell);
      observer.current.observe(element);
      return () => {
        tells.delete(element);
        observer.current?.unobserve(element);
      };
    },
    [observer, scroller, tells],
  );
}
