import { Component } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Row, sameRow } from '../state/rows.ts';
import type { Observe } from './near.ts';
import { Turn } from './turn.tsx';

/** Height of a turn that was never drawn. */
const guess = 110;

interface ChunkProps {
  readonly rows: readonly Row[];
  readonly name: string;
  readonly observe: Observe;
  /** Whether to draw it before it is known where it lies. */
  readonly near: boolean;
  /** The newest chunk is always drawn. */
  readonly last: boolean;
}

/** A few turns that are drawn while they are near what is in sight, and keep their height while they are not. */
export function Chunk({ rows, name, observe, near, last }: ChunkProps) {
  const place = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const [drawn, setDrawn] = useState(near);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    return observe(element, (isNear) => {
      if (!isNear && element.contains(document.activeElement)) return;
      if (!isNear) height.current = element.offsetHeight;
      setDrawn(isNear);
    });
  }, [observe]);
  if (!drawn && !last) {
    const kept = height.current || rows.length * guess;
    return <div class="chunk" ref={place} style={{ height: `${kept}px` }} />;
  }
  return (
    <div class="chunk" ref={place} style={{ height: 'auto' }}>
      {rows.map((row) => (
        <Still key={row.turn.key} row={row} name={name} />
      ))}
    </div>
  );
}

interface StillProps {
  readonly row: Row;
  readonly name: string;
}

/** A turn that is drawn again only when it reads differently. */
class Still extends Component<StillProps> {
  override shouldComponentUpdate(next: StillProps): boolean {
    return next.name !== this.props.name || !sameRow(next.row, this.props.row);
  }
  override render(props: StillProps) {
    return <Turn {...props} />;
  }
}
