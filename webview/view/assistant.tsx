import type { Part } from '../../server/protocol/provider.ts';
import type { Call, Turn } from '../../server/protocol/turn.ts';
import { type Asked, Batch, likeRequests } from './batch.tsx';
import { CallLine } from './callLine.tsx';
import { useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';

interface AssistantProps {
  readonly turn: Extract<Turn, { kind: 'assistant' }>;
  readonly active: boolean;
}

/** A whole message of the assistant: its words, its thoughts folded, its tool calls one line each. */
export function Assistant({ turn, active }: AssistantProps) {
  const t = useText();
  const like = active ? likeRequests(turn.calls) : none;
  return (
    <>
      {turn.parts.map((part, index) => (
        <PartView key={index} part={part} calls={turn.calls} like={like} job={turn.job} active={active} />
      ))}
      {turn.stop === 'length' ? <p class="note">{t('answer.length')}</p> : null}
      {turn.stop === 'refused' ? <p class="note">{t('answer.refused')}</p> : null}
    </>
  );
}

const none: ReadonlyMap<string, readonly Asked[]> = new Map();

/** Thoughts, folded away. */
export function Thinking({ text, live }: { readonly text: string; readonly live: boolean }) {
  const t = useText();
  if (text.trim() === '') return null;
  return (
    <details class="thinking">
      <summary>
        <Icon name="thinking" /> {t(live ? 'answer.thinking' : 'answer.thought')}
      </summary>
      <Markdown text={text} />
    </details>
  );
}

interface PartProps {
  readonly part: Part;
  readonly calls: readonly Call[];
  /** Calls that are asked about together, by each of them. */
  readonly like: ReadonlyMap<string, readonly Asked[]>;
  readonly job: string;
  readonly active: boolean;
}

function PartView({ part, calls, like, job, active }: PartProps) {
  switch (part.kind) {
    case 'text':
      return part.text.trim() === '' ? null : <Markdown text={part.text} />;
    case 'thinking':
      return <Thinking text={part.text} live={false} />;
    case 'call': {
      const group = like.get(part.call);
      if (group) return group[0]?.call === part.call ? <Batch calls={group} /> : null;
      const call = calls.find((one) => one.call === part.call);
      return call ? <CallLine call={call} job={job} active={active} /> : null;
    }
  }
}
