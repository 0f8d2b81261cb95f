import { useState } from 'preact/hooks';
import type { JobState } from '../../server/protocol/job.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import type { Published } from '../../server/protocol/turn.ts';
import { Button, IconButton } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Seen } from './publicationFiles.tsx';
import { Revealed } from './revealed.tsx';
import { WayBack } from './wayBack.tsx';

/** Places that a card tells of at once. */
const mostPlaces = 6;

interface PlacesProps {
  readonly deliverable: string;
  readonly places: readonly Published[];
  /** What the card says of all of them already. */
  readonly said: string;
  /** Called after one was taken back, when its buttons are about to go. */
  onUndone(): void;
}

/** Where a deliverable stands, and where it stood; each place that it stands at with what can be done there. */
export function PublishedPlaces({ deliverable, places, said, onUndone }: PlacesProps) {
  const t = useText();
  const [shown, setShown] = useState(mostPlaces);
  if (places.length === 0) return null;
  return (
    <>
      <ul class="places" aria-label={t('deliverable.places')}>
        {places.slice(0, shown).map((place) => (
          <li key={place.publication.execution} class={place.state}>
            {place.state === 'stands' || place.state === said ? null : <Gone state={place.state} />}
            <Location place={place} />
            {place.state === 'stands' ? <Standing {...{ deliverable, place, onUndone }} /> : null}
          </li>
        ))}
      </ul>
      {places.length > shown ? (
        <button type="button" class="fold" onClick={() => setShown(places.length)}>
          {t('deliverable.morePlaces', { n: places.length - shown })}
        </button>
      ) : null}
    </>
  );
}

/** Why it stands there no more, in a word and a picture. */
function Gone({ state }: { readonly state: 'replaced' | 'undone' }) {
  const t = useText();
  return (
    <p class="place-gone">
      <Icon name={state === 'replaced' ? 'versions' : 'discard'} />
      <span>{t(state === 'replaced' ? 'deliverable.replaced' : 'deliverable.takenBack')}</span>
    </p>
  );
}

function Location({ place: { publication, state } }: { readonly place: Published }) {
  const t = useText();
  const { acts } = useFrame();
  const { location, url } = publication;
  return (
    <p class="location">
      <code>
        <Revealed text={location} />
      </code>
      {state === 'stands' ? (
        <IconButton
          icon="copy"
          label={t('deliverable.copy')}
          onPress={() => acts.tell({ act: 'copy', text: url ?? location })}
        />
      ) : null}
    </p>
  );
}

interface StandingProps extends Omit<PlacesProps, 'places' | 'said'> {
  readonly place: Published;
}

function Standing({ deliverable, place: { publication, job }, onUndone }: StandingProps) {
  const t = useText();
  const { acts, state } = useFrame();
  const { execution, visibility, undoes } = publication;
  const atWork = unended.has(state.conversation.value?.jobs.value[job] ?? 'completed');
  return (
    <>
      {visibility && visibility !== 'local' ? <Seen visibility={visibility} /> : null}
      <div class="buttons">
        <Button
          icon="link-external"
          onPress={() => acts.tell({ act: 'openPublication', deliverable, execution })}
        >
          {t('deliverable.open')}
        </Button>
        {atWork ? null : (
          <WayBack
            deeds={[{ way: 'undo', job, execution }]}
            words="deliverable.undo"
            about={revealed(undoes ? t.said(undoes) : t('deliverable.undoAbout'))}
            onDone={onUndone}
          />
        )}
      </div>
    </>
  );
}

/** States of a job in which nothing of it can be taken back yet. */
const unended: ReadonlySet<JobState> = new Set(['queued', 'running', 'aborting']);
