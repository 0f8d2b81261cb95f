import type { JobState } from '../../server/protocol/job.ts';
import type { Turn as TurnData } from '../../server/protocol/turn.ts';
import { givenWith } from '../state/queue.ts';
import type { Row } from '../state/rows.ts';
import { clockTime } from '../text/measures.ts';
import { Assistant } from './assistant.tsx';
import { IconButton } from './button.tsx';
import { DeliverableCard } from './deliverable.tsx';
import { Earlier } from './earlier.tsx';
import { FailureNote } from './failure.tsx';
import { FooterLine } from './footer.tsx';
import { Elsewhere, useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Attempt, Compacted, Network, Note, Question, Routed, Switched } from './notes.tsx';
import { Person } from './person.tsx';

interface TurnProps {
  readonly row: Row;
  /** The name of the Ability that answers. */
  readonly name: string;
  /** Whether it stands in an earlier version. */
  readonly replaced?: boolean;
}

/** One turn of the conversation under its heading, or what was replaced, folded to a line. */
export function Turn({ row, name, replaced = false }: TurnProps) {
  const { turn, heading, footer, forked, earlier } = row;
  const mine = turn.kind === 'person' && !earlier;
  const still = replaced || forked !== 'no';
  return (
    <Elsewhere.Provider value={forked !== 'no'}>
      <article class={`turn ${mine ? 'mine' : 'butler'} ${heading ? 'first' : ''}`} data-seq={turn.key}>
        {heading ? <Heading turn={turn} name={name} /> : null}
        {earlier ? (
          <Earlier
            rows={earlier}
            draw={(one) => <Turn key={one.turn.key} row={one} name={name} replaced />}
          />
        ) : (
          <Body turn={turn} state={row.state} still={still} />
        )}
        {still || earlier || footer ? null : <ForkHere turn={turn} />}
        {footer && !replaced ? <FooterLine footer={footer} job={turn.job} still={still} /> : null}
      </article>
      {forked === 'last' && !replaced ? <ForkMark /> : null}
    </Elsewhere.Provider>
  );
}

/** The way to a fork behind a message that its job goes on from, once what it called has ended. */
function ForkHere({ turn }: { readonly turn: TurnData }) {
  const t = useText();
  const { state, acts } = useFrame();
  const conversation = state.conversation.value;
  if (!conversation || turn.kind !== 'assistant') return null;
  if (turn.calls.some(({ output }) => output === null)) return null;
  const fork = () => acts.fork(conversation.session, turn.job, Number(turn.key));
  return (
    <IconButton icon="repo-forked" class="fork-here" label={t('job.fork')} onPress={() => void fork()} />
  );
}

function Heading({ turn, name }: { readonly turn: TurnData; readonly name: string }) {
  const t = useText();
  const { language } = useFrame().state;
  return (
    <h2 class="who">
      <span>
        {turn.kind === 'person' ? t('chat.you') : name}
        {turn.kind === 'person' && turn.steered ? <span class="faint">, {t('job.steered')}</span> : null}
      </span>
      <time class="faint" dateTime={new Date(turn.time).toISOString()}>
        {clockTime(turn.time, language)}
      </time>
    </h2>
  );
}

/** Stands where a fork goes its own way. */
function ForkMark() {
  const t = useText();
  const { state, acts } = useFrame();
  const fork = state.conversation.value?.fork.value;
  return (
    <p class="fork-mark">
      <Icon name="repo-forked" /> <span>{t('chat.forked')}</span>
      {fork ? (
        <button type="button" class="quiet" onClick={() => acts.openSession(fork.session)}>
          {t('chat.forkedShow')}
        </button>
      ) : null}
    </p>
  );
}

interface BodyProps {
  readonly turn: TurnData;
  readonly state: JobState | undefined;
  /** Whether nothing of it can be changed here. */
  readonly still: boolean;
}

function Body({ turn, state, still }: BodyProps) {
  const t = useText();
  switch (turn.kind) {
    case 'person':
      return <Person turn={turn} state={state} still={still} />;
    case 'assistant':
      return <Assistant turn={turn} active={state === 'running' || state === 'queued'} />;
    case 'attempt':
      return <Attempt turn={turn} />;
    case 'switched':
      return <Switched turn={turn} />;
    case 'network':
      return <Network turn={turn} {...(state ? { state } : {})} />;
    case 'routed':
      return <Routed turn={turn} />;
    case 'compacted':
      return <Compacted turn={turn} />;
    case 'question':
      return <Question turn={turn} active={state === 'running'} />;
    case 'failure':
      return still ? <FailureNote failure={turn.failure} /> : <JobFailure turn={turn} />;
    case 'aborted':
      return <Note icon="debug-stop">{t('job.aborted')}</Note>;
    case 'recovered':
      return <Note icon="history">{t('job.recovered')}</Note>;
    case 'deliverable':
      return <DeliverableCard turn={turn} active={still || state === 'running'} />;
  }
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
      again={() => void acts.handOver(conversation.session, { text: asked.text, ...givenWith(asked) })}
    />
  );
}
