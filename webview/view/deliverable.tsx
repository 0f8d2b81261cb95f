import { useState } from 'preact/hooks';
import type { Deliverable as DeliverableData, Publication } from '../../server/protocol/deliverable.ts';
import { Button, IconButton } from './button.tsx';
import { DeliverableFileList } from './deliverableFileList.tsx';
import { DeliverableLook } from './deliverableLook.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Seen } from './publicationFiles.tsx';
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
  readonly deliverable: DeliverableData;
  /** Whether its job still goes on, which then decides itself whether to publish. */
  readonly active: boolean;
}

/** What a job made: how it looks, its files, where it stands, and what can be done with it. A draft is dashed and sparkles. */
export function DeliverableCard({ deliverable, active }: DeliverableProps) {
  const t = useText();
  const { published, findings = [] } = deliverable;
  return (
    <section
      class={`deliverable ${published ? 'published' : 'draft'}`}
      aria-label={t('deliverable.label', { title: deliverable.title })}
    >
      <header>
        <Icon name={icons[deliverable.type] ?? 'package'} />
        <span class="deliverable-title">
          <Revealed text={deliverable.title} />
        </span>
        {published ? null : <Icon name="sparkle" label={t('deliverable.draft')} />}
      </header>
      <p class="faint">{published ? t('deliverable.published') : t('deliverable.draft')}</p>
      {published ? <Location location={published.location} /> : null}
      {published?.visibility && published.visibility !== 'local' ? (
        <Seen visibility={published.visibility} />
      ) : null}
      {findings.length > 0 ? <Findings findings={findings} /> : null}
      <DeliverableLook deliverable={deliverable} />
      <DeliverableFileList deliverable={deliverable} />
      <Actions deliverable={deliverable} active={active} />
    </section>
  );
}

function Actions({ deliverable, active }: DeliverableProps) {
  const t = useText();
  const { acts } = useFrame();
  const [busy, setBusy] = useState(false);
  const { id, published } = deliverable;
  const once = async (act: () => Promise<boolean>) => {
    if (busy) return;
    setBusy(true);
    await act();
    setBusy(false);
  };
  return (
    <div class="buttons">
      {published ? (
        <Button icon="link-external" onPress={() => acts.tell(placeOf(published))}>
          {t('deliverable.open')}
        </Button>
      ) : null}
      {active ? null : (
        <Button
          icon="cloud-upload"
          secondary={published !== null}
          disabled={busy}
          onPress={() => void once(() => acts.publish(id))}
        >
          {t(published ? 'deliverable.again' : 'deliverable.publish')}
        </Button>
      )}
      {published ? (
        <Button
          secondary
          icon="discard"
          disabled={busy}
          about={published.undoes ?? t('deliverable.undoAbout')}
          onPress={() => void once(() => acts.undo(deliverable.job, published.execution))}
        >
          {t('deliverable.undo')}
        </Button>
      ) : null}
    </div>
  );
}

function placeOf({ location, entry }: Publication) {
  return { act: 'openLocation', location, ...(entry ? { entry } : {}) } as const;
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
            <Revealed text={what} />
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

function Location({ location }: { readonly location: string }) {
  const t = useText();
  const { acts } = useFrame();
  return (
    <p class="location">
      <code>
        <Revealed text={location} />
      </code>
      <IconButton
        icon="copy"
        label={t('deliverable.copy')}
        onPress={() => acts.tell({ act: 'copy', text: location })}
      />
    </p>
  );
}
