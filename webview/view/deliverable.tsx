import { useState } from 'preact/hooks';
import type { Deliverable as DeliverableData } from '../../server/protocol/deliverable.ts';
import { size } from '../text/measures.ts';
import { Button, IconButton } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

const icons: Readonly<Record<string, string | undefined>> = {
  code: 'file-code',
  website: 'globe',
  video: 'device-camera-video',
  document: 'book',
  image: 'file-media',
  audio: 'unmute',
};

/** Files shown in the card; the rest is counted. */
const mostFiles = 40;

interface DeliverableProps {
  readonly deliverable: DeliverableData;
  /** Whether its job still goes on, which then decides itself whether to publish. */
  readonly active: boolean;
}

/** What a job made: its files, where it stands, and what can be done with it. A draft is dashed and sparkles. */
export function DeliverableCard({ deliverable, active }: DeliverableProps) {
  const t = useText();
  const { acts } = useFrame();
  const [busy, setBusy] = useState(false);
  const { files, published } = deliverable;
  const whole = files.reduce((sum, file) => sum + file.size, 0);
  const once = async (act: () => Promise<boolean>) => {
    if (busy) return;
    setBusy(true);
    await act();
    setBusy(false);
  };
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
      <details>
        <summary>
          {files.length === 1 ? t('deliverable.files.one') : t('deliverable.files.many', { n: files.length })}
          <span class="faint">{size(whole)}</span>
        </summary>
        <ul class="file-list">
          {files.slice(0, mostFiles).map((file) => (
            <li key={file.path}>
              <code>
                <Revealed text={file.path} />
              </code>
              <span class="faint">{size(file.size)}</span>
            </li>
          ))}
          {files.length > mostFiles ? (
            <li>{t('deliverable.more', { n: files.length - mostFiles })}</li>
          ) : null}
        </ul>
      </details>
      <div class="buttons">
        {published ? (
          <Button
            icon="link-external"
            onPress={() =>
              acts.tell({
                act: 'openLocation',
                location: published.location,
                ...(published.entry ? { entry: published.entry } : {}),
              })
            }
          >
            {t('deliverable.open')}
          </Button>
        ) : null}
        {active ? null : (
          <Button
            icon="cloud-upload"
            secondary={published !== null}
            disabled={busy}
            onPress={() => void once(() => acts.publish(deliverable.id))}
          >
            {t(published ? 'deliverable.again' : 'deliverable.publish')}
          </Button>
        )}
        {published ? (
          <Button
            secondary
            icon="discard"
            disabled={busy}
            about={t('deliverable.undoAbout')}
            onPress={() => void once(() => acts.undo(deliverable.job, published.execution))}
          >
            {t('deliverable.undo')}
          </Button>
        ) : null}
      </div>
    </section>
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
