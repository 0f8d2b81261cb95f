import { useRef, useState } from 'preact/hooks';
import type { JobState } from '../../server/protocol/job.ts';
import { givenWith, jobAtWork, type PersonTurn, undoableFrom } from '../state/queue.ts';
import { FileChips } from './attachments.tsx';
import { Button, IconButton } from './button.tsx';
import { EditWords } from './editWords.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { ImageChips } from './images.tsx';
import { Revealed } from './revealed.tsx';

interface PersonProps {
  readonly turn: PersonTurn;
  readonly state: JobState | undefined;
  /** Whether it can no more be changed, as in an earlier version. */
  readonly still: boolean;
}

/** What the person said, with the way to say it otherwise; a job that waits for its start asks here. */
export function Person({ turn, state, still }: PersonProps) {
  const t = useText();
  const conversation = useFrame().state.conversation.value;
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const atWork = conversation === null || jobAtWork(conversation.jobs.value) !== null;
  const changes = !still && !atWork && !turn.steered && turn.provider === null;
  const leave = () => {
    setEditing(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  if (editing && changes) return <Edit turn={turn} state={state} onDone={leave} />;
  return (
    <>
      <div class="said">
        <p class="words">{turn.text}</p>
        {changes ? (
          <IconButton
            icon="edit"
            class="edit"
            label={t('job.edit')}
            place={button}
            onPress={() => setEditing(true)}
          />
        ) : null}
      </div>
      <ImageChips images={turn.images} />
      <FileChips files={turn.files ?? []} />
      {state === 'needs_approval' && !still ? <AskToStart turn={turn} /> : null}
    </>
  );
}

interface EditProps {
  readonly turn: PersonTurn;
  readonly state: JobState | undefined;
  onDone(): void;
}

function Edit({ turn, state, onDone }: EditProps) {
  const t = useText();
  const { acts, ...frame } = useFrame();
  const conversation = frame.state.conversation.value;
  const undoable = undoableFrom(turn.job, conversation?.transcript.value.turns ?? []);
  const resend = async (text: string, undo: boolean) => {
    const kind = state === 'needs_approval' ? 'run' : 'task';
    const words = { text, ...givenWith(turn), kind, replaces: turn.job } as const;
    const done = await acts.replace(conversation?.session ?? '', words, undo ? undoable : []);
    if (done) onDone();
    return done;
  };
  const fork = {
    label: t('job.resendFork'),
    say: (text: string) => acts.forkAnew(conversation?.session ?? '', turn.job, { text, ...givenWith(turn) }),
  };
  return (
    <>
      <EditWords
        text={turn.text}
        save={t('job.resend')}
        undoable={undoable.length > 0}
        onSave={resend}
        {...(state === 'needs_approval' ? {} : { elsewhere: fork })}
        onCancel={onDone}
      />
      <ImageChips images={turn.images} />
      <FileChips files={turn.files ?? []} />
    </>
  );
}

function AskToStart({ turn }: { readonly turn: PersonTurn }) {
  const t = useText();
  const { acts } = useFrame();
  return (
    <section class="ask" aria-label={t('job.askTitle')}>
      <header>
        <Icon name="question" />
        <span class="ask-lead">{t('job.askTitle')}</span>
      </header>
      <p class="ask-title">
        <Revealed text={turn.text} />
      </p>
      <p class="ask-rule">{t('job.askAbout')}</p>
      <div class="buttons">
        <Button icon="play" onPress={() => void acts.startJob(turn.job)}>
          {t('job.start')}
        </Button>
        <Button secondary onPress={() => void acts.abortJob(turn.job)}>
          {t('job.abort')}
        </Button>
      </div>
    </section>
  );
}
