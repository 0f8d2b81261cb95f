import { useRef, useState } from 'preact/hooks';
import { revealed } from '../../server/protocol/reveal.ts';
import type { Session, SessionState } from '../../server/protocol/session.ts';
import { ago } from '../text/measures.ts';
import { Button, IconButton } from './button.tsx';
import { useFrame, useNow, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

type Mode = 'plain' | 'rename' | 'delete';

interface SessionLineProps {
  readonly session: Session;
  readonly ability: string;
}

/** One session of the list, with its name, its state, and what can be done with it. */
export function SessionLine({ session, ability }: SessionLineProps) {
  const t = useText();
  const [mode, setMode] = useState<Mode>('plain');
  const line = useRef<HTMLLIElement>(null);
  const done = () => {
    setMode('plain');
    line.current?.querySelector('button')?.focus();
  };
  return (
    <li class={`session ${mode}`} ref={line}>
      {mode === 'rename' ? (
        <Rename session={session} onDone={done} />
      ) : (
        <Open session={session} ability={ability} />
      )}
      {mode === 'plain' ? (
        <span class="session-tools">
          <IconButton
            icon="edit"
            label={t('list.rename', { title: revealed(session.title) })}
            onPress={() => setMode('rename')}
          />
          <IconButton
            icon="trash"
            label={t('list.delete', { title: revealed(session.title) })}
            onPress={() => setMode('delete')}
          />
        </span>
      ) : null}
      {mode === 'delete' ? <Delete session={session} onDone={done} /> : null}
    </li>
  );
}

function Open({ session, ability }: SessionLineProps) {
  const t = useText();
  const { state, acts } = useFrame();
  const now = useNow(60_000, true);
  const waits = state.waiting.value.has(session.id);
  const look = waits ? waiting : states[session.state];
  return (
    <button type="button" class="session-open" onClick={() => acts.openSession(session.id)}>
      <Icon name={look.icon} spin={look.spin} label={t(look.words)} />
      <span class="session-words">
        <span class="session-title">
          <Revealed still text={session.title || t('session.untitled')} />
        </span>
        <span class="faint">
          {waits ? `${t('session.waiting')} · ` : ''}
          <Revealed still text={ability} />
          {ability ? ' · ' : ''}
          {ago(session.updated, now, state.language)}
        </span>
      </span>
    </button>
  );
}

interface ModeProps {
  readonly session: Session;
  onDone(): void;
}

function Rename({ session, onDone }: ModeProps) {
  const t = useText();
  const { acts } = useFrame();
  const [title, setTitle] = useState(session.title);
  const save = async () => {
    const next = title.trim();
    if (next !== '' && next !== session.title) await acts.renameSession(session.id, next);
    onDone();
  };
  return (
    <input
      class="rename"
      ref={(field) => field?.focus()}
      value={title}
      maxLength={120}
      aria-label={t('list.name')}
      onInput={(event) => setTitle(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === 'Enter') void save();
        if (event.key === 'Escape') onDone();
      }}
    />
  );
}

function Delete({ session, onDone }: ModeProps) {
  const t = useText();
  const { acts } = useFrame();
  return (
    <div class="session-ask" role="alertdialog" aria-label={t('list.deleteAsk')}>
      <p>{t('list.deleteAsk')}</p>
      <div class="buttons">
        <Button onPress={() => void acts.deleteSession(session.id)}>{t('list.deleteYes')}</Button>
        <Button secondary onPress={onDone}>
          {t('link.cancel')}
        </Button>
      </div>
    </div>
  );
}

interface Look {
  readonly icon: string;
  readonly words: `session.${SessionState | 'waiting'}`;
  readonly spin: boolean;
}

const waiting: Look = { icon: 'bell-dot', words: 'session.waiting', spin: false };
const states: Readonly<Record<SessionState, Look>> = {
  idle: { icon: 'comment', words: 'session.idle', spin: false },
  running: { icon: 'loading', words: 'session.running', spin: true },
  completed: { icon: 'check', words: 'session.completed', spin: false },
  failed: { icon: 'error', words: 'session.failed', spin: false },
};
