import { useEffect } from 'preact/hooks';
import type { Ability } from '../../server/protocol/ability.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import type { Turn } from '../../server/protocol/turn.ts';
import type { Conversation } from '../state/conversation.ts';
import { together } from './batch.tsx';
import { Button, IconButton } from './button.tsx';
import { Composer } from './composer.tsx';
import { FailureNote } from './failure.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';
import { Timeline } from './timeline.tsx';

/** One session: its heading, the conversation, what waits for the person, and the field to write in. */
export function Chat({ conversation }: { readonly conversation: Conversation }) {
  const t = useText();
  const { state } = useFrame();
  const session = state.sessions.value?.find((one) => one.id === conversation.session);
  const ability = state.abilities.value?.find((one) => one.id === session?.ability);
  const { transcript, phase, failure } = conversation;
  const empty = phase.value !== 'loading' && transcript.value.turns.length === 0;
  return (
    <main class="chat">
      <Heading
        title={session?.title || t('session.untitled')}
        ability={ability}
        parent={session?.parent ?? null}
      />
      {failure.value ? (
        <div class="centre">
          <FailureNote failure={failure.value} again={() => void conversation.refresh()} />
        </div>
      ) : empty ? (
        <Beginning ability={ability} conversation={conversation} />
      ) : (
        <Timeline conversation={conversation} name={ability?.name ?? t('app.name')} />
      )}
      <Waiting conversation={conversation} />
      <Composer conversation={conversation} />
    </main>
  );
}

interface HeadingProps {
  readonly title: string;
  readonly ability: Ability | undefined;
  /** The session whose job a specialist does a part of here. */
  readonly parent: string | null;
}

function Heading({ title, ability, parent }: HeadingProps) {
  const t = useText();
  const { acts } = useFrame();
  useEffect(() => {
    document.title = revealed(title);
  }, [title]);
  return (
    <header class="chat-head">
      <IconButton
        icon="arrow-left"
        label={t(parent === null ? 'chat.back' : 'chat.backToJob')}
        onPress={() => (parent === null ? acts.leaveSession() : acts.openSession(parent))}
      />
      <div class="chat-title">
        <h1 title={revealed(title)}>
          <Revealed text={title} />
        </h1>
        {ability ? (
          <span class="faint">
            <Revealed text={ability.name} />
          </span>
        ) : null}
      </div>
    </header>
  );
}

interface BeginningProps {
  readonly ability: Ability | undefined;
  readonly conversation: Conversation;
}

/** An empty session: who is here, and jobs to begin with. */
function Beginning({ ability, conversation }: BeginningProps) {
  const t = useText();
  const { state, acts } = useFrame();
  const playbooks = state.playbooks.value.slice(0, 4);
  const begin = (command: string) =>
    acts.keep({ drafts: { ...state.kept.value.drafts, [conversation.session]: `/${command} ` } });
  return (
    <div class="centre beginning">
      <Icon name="comment-discussion" />
      <h2>{ability?.name ?? t('app.name')}</h2>
      {ability?.description ? <p>{ability.description}</p> : null}
      <p class="faint">{t(playbooks.length > 0 ? 'empty.chat' : 'empty.plain')}</p>
      <div class="starters">
        {playbooks.map((playbook) => (
          <button key={playbook.id} type="button" class="starter" onClick={() => begin(playbook.command)}>
            <span>{playbook.title}</span>
            <code class="faint">/{playbook.command}</code>
          </button>
        ))}
      </div>
    </div>
  );
}

/** Says over the field that a question waits further up, and leads to it. */
function Waiting({ conversation }: { readonly conversation: Conversation }) {
  const t = useText();
  const { inSight } = useFrame().state;
  const jobs = conversation.jobs.value;
  const asked = conversation.transcript.value.turns.flatMap((turn) =>
    jobs[turn.job] === 'running' ? questionsOf(turn) : [],
  );
  const [first] = asked;
  if (first === undefined || [together, ...asked].some((id) => inSight.value.has(id))) return null;
  const show = () => {
    const question = document.querySelector<HTMLElement>(`[data-ask="${first}"]`);
    question?.scrollIntoView({ block: 'center' });
    question?.focus({ preventScroll: true });
  };
  return (
    <div class="waiting">
      <Icon name="bell" />
      <span>{asked.length === 1 ? t('ask.pending.one') : t('ask.pending.many', { n: asked.length })}</span>
      <Button secondary onPress={show}>
        {t('ask.show')}
      </Button>
    </div>
  );
}

/** The questions of a turn that wait for an answer. */
function questionsOf(turn: Turn): string[] {
  if (turn.kind === 'question') return turn.approval.decision === null ? [turn.approval.id] : [];
  if (turn.kind !== 'assistant') return [];
  return turn.calls.flatMap((call) => (call.state === 'waiting' && call.approval ? [call.approval.id] : []));
}
