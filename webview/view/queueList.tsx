import { useState } from 'preact/hooks';
import { revealed } from '../../server/protocol/reveal.ts';
import type { Conversation } from '../state/conversation.ts';
import { givenWith, type PersonTurn, queuedWords } from '../state/queue.ts';
import { IconButton } from './button.tsx';
import { EditWords } from './editWords.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';

interface QueueListProps {
  readonly conversation: Conversation;
  /** Called when a line went away under the keyboard. */
  onLeave(): void;
}

/** What waits behind the job at work, each to be changed or removed. */
export function QueueList({ conversation, onLeave }: QueueListProps) {
  const t = useText();
  const queued = queuedWords(conversation.transcript.value, conversation.jobs.value);
  if (queued.length === 0) return null;
  const label = t(queued.length === 1 ? 'queue.one' : 'queue.many', { n: queued.length });
  return (
    <section class="queue" aria-label={label}>
      <p class="faint" role="status">
        {label}
      </p>
      <ul>
        {queued.map((turn) => (
          <QueueLine key={turn.job} turn={turn} session={conversation.session} onLeave={onLeave} />
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  readonly turn: PersonTurn;
  readonly session: string;
  onLeave(): void;
}

function QueueLine({ turn, session, onLeave }: LineProps) {
  const t = useText();
  const { acts } = useFrame();
  const [editing, setEditing] = useState(false);
  const text = revealed(turn.text);
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  const leave = () => {
    setEditing(false);
    onLeave();
  };
  if (editing) {
    return (
      <li class="queue-line">
        <EditWords
          text={turn.text}
          save={t('queue.save')}
          undoable={false}
          onSave={async (words) => {
            const given = { text: words, ...givenWith(turn), replaces: turn.job };
            const done = await acts.replace(session, given, []);
            if (done) leave();
            return done;
          }}
          onCancel={leave}
        />
      </li>
    );
  }
  return (
    <li class="queue-line">
      <span class="queue-words" title={text}>
        {turn.images.length > 0 ? <Icon name="file-media" label={t('image.list')} /> : null}
        {turn.files ? <Icon name="file" label={t('file.list')} /> : null} {short}
      </span>
      <IconButton icon="edit" label={t('queue.edit', { text: short })} onPress={() => setEditing(true)} />
      <IconButton
        icon="close"
        label={t('queue.remove', { text: short })}
        onPress={() => {
          void acts.abortJob(turn.job);
          onLeave();
        }}
      />
    </li>
  );
}

/** Characters of a line in the queue. */
const longest = 160;
