import { useRef, useState } from 'preact/hooks';
import type { Deliverable as DeliverableData } from '../../server/protocol/deliverable.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import type { Turn } from '../../server/protocol/turn.ts';
import { placesOf } from '../state/places.ts';
import { Button } from './button.tsx';
import { DeliverableFileList } from './deliverableFileList.tsx';
import { DeliverableLook } from './deliverableLook.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { PublishedPlaces } from './publishedPlaces.tsx';
import { Revealed } from './revealed.tsx';

const icons: Readonly<Record<string, string | undefined>> = {
  code: 'file-code',
  website: 'globe',
  video: 'device-camera-video',
  document: 'book',
  image: 'file-media',
  audio: 'unmute',
};

interface DeliverableProps {
  readonly turn: Extract<Turn, { kind: 'deliverable' }>;
  /** Whether its job still goes on, which then decides itself whether to publish. */
  readonly active: boolean;
}

/** What a job made: how it looks, its files, where it stands, and what can be done with it. A draft is dashed and sparkles. */
export function DeliverableCard({ turn: { deliverable, publications }, active }: DeliverableProps) {
  const t = useText();
  const place = useRef<HTMLElement>(null);
  const { findings = [] } = deliverable;
  const places = placesOf(publications, useFrame().state.replaced.value);
  const standing = standingOf(places.map(({ state }) => state));
  const hold = () => {
    const at = document.activeElement;
    if (!at || at === document.body || place.current?.contains(at)) place.current?.focus();
  };
  return (
    <section
      class={`deliverable ${standing}`}
      aria-label={`${t('deliverable.label', { title: revealed(deliverable.title) })}, ${t(`deliverable.${standing}`)}`}
      tabIndex={-1}
      ref={place}
    >
      <header>
        <Icon name={icons[deliverable.type] ?? 'package'} />
        <span class="deliverable-title">
          <Revealed text={deliverable.title} />
        </span>
        {standing === 'published' ? null : (
          <Icon name={standing === 'draft' ? 'sparkle' : 'versions'} label={t(`deliverable.${standing}`)} />
        )}
      </header>
      <p class="faint">{t(`deliverable.${standing}`)}</p>
      <PublishedPlaces deliverable={deliverable.id} places={places} said={standing} onUndone={hold} />
      {findings.length > 0 ? <Findings findings={findings} /> : null}
      <DeliverableLook deliverable={deliverable} />
      <DeliverableFileList deliverable={deliverable} />
      {active ? null : <Publish deliverable={deliverable.id} again={standing !== 'draft'} />}
    </section>
  );
}

/** How it stands in the world as a whole: somewhere, nowhere since another took its last place, or nowhere. */
function standingOf(states: readonly ('stands' | 'replaced' | 'undone')[]) {
  if (states.includes('stands')) return 'published';
  return states.includes('replaced') ? 'replaced' : 'draft';
}

function Publish({ deliverable, again }: { readonly deliverable: string; readonly again: boolean }) {
  const t = useText();
  const { acts } = useFrame();
  const [busy, setBusy] = useState(false);
  const publish = async () => {
    if (busy) return;
    setBusy(true);
    await acts.publish(deliverable);
    setBusy(false);
  };
  return (
    <div class="buttons">
      <Button icon="cloud-upload" secondary={again} disabled={busy} onPress={() => void publish()}>
        {t(again ? 'deliverable.again' : 'deliverable.publish')}
      </Button>
    </div>
  );
}

/** Findings shown in a card; the rest is counted. */
const mostFindings = 6;

/** What a look at the files found; it forbids nothing. */
function Findings({ findings }: { readonly findings: NonNullable<DeliverableData['findings']> }) {
  const t = useText();
  const sorted = [...findings].sort((one, two) => Number(two.severe) - Number(one.severe));
  return (
    <ul class="publication-notes" aria-label={t('deliverable.findings')}>
      {sorted.slice(0, mostFindings).map(({ file, line, what, severe }, index) => (
        <li key={index} class={severe ? 'severe' : ''}>
          <Icon name={severe ? 'warning' : 'info'} />
          <span>
            {file === undefined ? null : (
              <code>
                <Revealed text={line === undefined ? file : `${file}:${line}`} />
              </code>
            )}{' '}
            <Revealed text={t.said(what)} />
          </span>
        </li>
      ))}
      {findings.length > mostFindings ? (
        <li class="faint">
          <Icon name="ellipsis" />
          <span>{t('deliverable.moreFindings', { n: findings.length - mostFindings })}</span>
        </li>
      ) : null}
    </ul>
  );
}
