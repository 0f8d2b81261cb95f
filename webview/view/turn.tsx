import type { JobState } from '../../server/protocol/job.ts';
import type { Turn as TurnData } from '../../server/protocol/turn.ts';
import type { Row } from '../state/rows.ts';
import { clockTime } from '../text/measures.ts';
import { Assistant } from './assistant.tsx';
import { Button } from './button.tsx';
import { DeliverableCard } from './deliverable.tsx';
import { FailureNote } from './failure.tsx';
import { FooterLine } from './footer.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

interface TurnProps {
  readonly row: Row;
  readonly state: JobState | undefined;
  /** The name of the Ability that answers. */
  readonly name: string;
}

/** One turn of the conversation under its heading. */
export function Turn({ row, state, name }: TurnProps) {
  const t = useText();
  const { turn, heading, footer } = row;
  const { language } = useFrame().state;
  const mine = turn.kind === 'person';
  return (
    <article class={`turn ${mine ? 'mine' : 'butler'} ${heading ? 'first' : ''}`} data-seq={turn.key}>
      {heading ? (
        <h2 class="who">
          <span>{mine ? t('chat.you') : name}</span>
          <time class="faint" dateTime={new Date(turn.time).toISOString()}>
            {clockTime(turn.time, language)}
          </time>
        </h2>
      ) : null}
      <Body turn={turn} state={state} />
      {footer ? <FooterLine footer={footer} job={turn.job} /> : null}
    </article>
  );
}

function Body({ turn, state }: { readonly turn: TurnData; readonly state: JobState | undefined }) {
  const t = useText();
  switch (turn.kind) {
    case 'person':
      return <Person turn={turn} state={state} />;
    case 'assistant':
      return <Assistant turn={turn} active={state === 'running' || state === 'queued'} />;
    case 'attempt':
      return (
        <p class="note">
          <Icon name="sync" /> {t('failure.attempt', { provider: turn.provider, what: turn.failure.what })}
        </p>
      );
    case 'failure':
      return <JobFailure turn={turn} />;
    case 'aborted':
      return (
        <p class="note">
          <Icon name="debug-stop" /> {t('job.aborted')}
        </p>
      );
    case 'recovered':
      return (
        <p class="note">
          <Icon name="history" /> {t('job.recovered')}
        </p>
      );
    case 'deliverable':
      return <DeliverableCard deliverable={turn.deliverable} active={state === 'running'} />;
  }
}

function Person({
  turn,
  state,
}: {
  readonly turn: Extract<TurnData, { kind: 'person' }>;
  readonly state: JobState | undefined;
}) {
  const t = useText();
  const { acts } = useFrame();
  return (
    <>
      <p class="words">{turn.text}</p>
      {state === 'needs_approval' ? (
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
      ) : null}
    </>
  );
}

function JobFailure({ turn }: { readonly turn: Extract<TurnData, { kind: 'failure' }> }) {
  const { acts, state } = useFrame();
  const conversation = state.conversation.value;
  const asked = conversation?.transcript.value.turns.find(
    (one) => one.kind === 'person' && one.job === turn.job,
  );
  if (!conversation || asked?.kind !== 'person') return <FailureNote failure={turn.failure} />;
  const ability = state.abilities.value?.find((one) => one.id === asked.ability);
  return (
    <FailureNote
      failure={turn.failure}
      provider={ability?.provider}
      again={() => void acts.handOver(conversation.session, asked.text, 'task')}
    />
  );
}
