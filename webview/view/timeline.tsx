import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Conversation } from '../state/conversation.ts';
import { layRows, type Row } from '../state/rows.ts';
import { Chunk } from './chunk.tsx';
import { followClicks } from './clicks.ts';
import { focusable } from './focusable.ts';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { LiveAnswers } from './live.tsx';
import { useNear } from './near.ts';
import { useScroll } from './scroll.ts';

/** Rows that are drawn or left out together. */
const chunkSize = 16;

/** The conversation: a window of turns, older ones on the way up, the newest in sight while at the bottom. */
export function Timeline({
  conversation,
  name,
}: {
  readonly conversation: Conversation;
  readonly name: string;
}) {
  const t = useText();
  const frame = useFrame();
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const transcript = conversation.transcript.value;
  const jobs = conversation.jobs.value;
  const forkedAt = conversation.fork.value?.seq;
  const rows = useMemo(() => layRows(transcript, jobs, forkedAt), [transcript, jobs, forkedAt]);
  const chunks = useMemo(() => chunked(rows, conversation.origin.value), [rows, conversation.origin.value]);
  const anchor = useRef(frame.state.kept.value.anchor).current;
  const { pinned, toNewest } = useScroll({ conversation, scroller, content, rows });
  const observe = useNear(scroller);
  useEffect(() => {
    const element = scroller.current;
    focusable(element);
    return element ? followClicks(element, frame) : undefined;
  }, [frame]);
  return (
    <div class="timeline">
      <section class="scroller" ref={scroller} aria-label={t('chat.log')}>
        <div class="content" ref={content}>
          <Top conversation={conversation} />
          {chunks.map((chunk, index) => (
            <Chunk
              key={chunk.key}
              rows={chunk.rows}
              name={name}
              observe={observe}
              near={index >= chunks.length - 2 || holds(chunk.rows, anchor?.seq)}
              last={index === chunks.length - 1}
            />
          ))}
          <LiveAnswers conversation={conversation} />
        </div>
      </section>
      {pinned ? null : (
        <button
          type="button"
          class="to-newest"
          aria-label={t('chat.newest')}
          title={t('chat.newest')}
          onClick={toNewest}
        >
          <Icon name="arrow-down" /> <span>{t('chat.newest')}</span>
        </button>
      )}
    </div>
  );
}

function Top({ conversation }: { readonly conversation: Conversation }) {
  const t = useText();
  if (conversation.phase.value === 'loading') {
    return <p class="edge">{t('chat.loading')}</p>;
  }
  if (conversation.transcript.value.turns.length === 0) return null;
  return <p class="edge">{t(conversation.more.value ? 'chat.older' : 'chat.begin')}</p>;
}

interface ChunkOfRows {
  readonly key: number;
  readonly rows: readonly Row[];
}

/** Groups rows so that neither older nor newer ones move a row to another group. */
function chunked(rows: readonly Row[], origin: number): ChunkOfRows[] {
  const groups = Map.groupBy(rows, (row) => Math.floor((row.at - origin) / chunkSize));
  return [...groups].map(([key, group]) => ({ key, rows: group }));
}

function holds(rows: readonly Row[], seq: number | undefined): boolean {
  return seq !== undefined && rows.some((row) => row.turn.key === String(seq));
}
