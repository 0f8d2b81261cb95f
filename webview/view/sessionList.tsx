import { useEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../server/protocol/session.ts';
import { AbilityCards } from './abilityCards.tsx';
import { Button } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { SessionLine } from './sessionLine.tsx';

/** From this many sessions on there is a field to search them. */
const searchFrom = 8;

/** All sessions, newest first, and the way to a new one. */
export function SessionList() {
  const t = useText();
  const { state } = useFrame();
  const sessions = state.sessions.value;
  useEffect(() => {
    document.title = t('app.name');
  }, [t]);
  if (sessions === null) {
    return (
      <main class="list">
        <Welcome />
        <p class="edge">{t('empty.waiting')}</p>
      </main>
    );
  }
  if (sessions.length === 0) {
    return (
      <main class="list">
        <Welcome />
        <h2 class="section">{t('empty.choose')}</h2>
        <AbilityCards />
      </main>
    );
  }
  return <Sessions />;
}

function Sessions() {
  const t = useText();
  const { state } = useFrame();
  const [choosing, setChoosing] = useState(false);
  const [wanted, setWanted] = useState('');
  const all = state.sessions.value ?? [];
  const names = new Map(state.abilities.value?.map((one) => [one.id, one.name]));
  const needle = wanted.trim().toLocaleLowerCase();
  const waiting = state.waiting.value;
  const isFound = (one: Session) =>
    `${one.title} ${names.get(one.ability) ?? ''}`.toLocaleLowerCase().includes(needle);
  /** Those of specialists are found from the call that began them, by a search, or when they wait. */
  const isPart = ({ parent }: Session) => all.some(({ id }) => id === parent);
  const isListed = (one: Session) => !isPart(one) || needle !== '' || waiting.has(one.id);
  const shown = all.filter((one) => isListed(one) && isFound(one));
  return (
    <main class="list">
      <div class="list-head">
        <h1>{t('list.sessions')}</h1>
        <Button icon={choosing ? 'chevron-down' : 'add'} onPress={() => setChoosing(!choosing)}>
          {t('list.new')}
        </Button>
      </div>
      {choosing ? (
        <section class="choosing" aria-label={t('list.choose')}>
          <h2 class="section">{t('list.choose')}</h2>
          <AbilityCards focus />
        </section>
      ) : null}
      {all.length >= searchFrom ? (
        <Search wanted={wanted} onWant={setWanted} found={shown.length} all={all.length} />
      ) : null}
      {shown.length === 0 ? (
        <div class="nothing">
          <p class="faint">{t('list.nothingFound', { text: wanted })}</p>
          <Button secondary onPress={() => setWanted('')}>
            {t('list.clearSearch')}
          </Button>
        </div>
      ) : (
        <ul class="sessions">
          {shown.map((session) => (
            <SessionLine key={session.id} session={session} ability={names.get(session.ability) ?? ''} />
          ))}
        </ul>
      )}
    </main>
  );
}

function Welcome() {
  const t = useText();
  return (
    <header class="welcome">
      <Icon name="sparkle" />
      <h1>{t('empty.title')}</h1>
      <p>{t('empty.about')}</p>
    </header>
  );
}

interface SearchProps {
  readonly wanted: string;
  readonly found: number;
  readonly all: number;
  onWant(text: string): void;
}

function Search({ wanted, onWant, found, all }: SearchProps) {
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        value={wanted}
        aria-label={t('list.search')}
        placeholder={t('list.search')}
        onInput={(event) => onWant(event.currentTarget.value)}
      />
      <span class="unseen" role="status">
        {wanted ? t('list.found', { n: found, all }) : ''}
      </span>
    </div>
  );
}
