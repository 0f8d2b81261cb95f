import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Deliverable } from '../../server/protocol/deliverable.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { IconButton } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { LinkDialog } from './linkDialog.tsx';
import { Look, mostOfTab } from './look.tsx';
import { Notices } from './standing.tsx';

/** A page that shows nothing but a deliverable as it will look, with the way through its pages. */
export function LookPage() {
  const t = useText();
  const { state } = useFrame();
  const shown = state.look.value;
  return (
    <div class="page look-page">
      <Notices />
      {shown ? (
        <Pages
          key={`${shown.deliverable.id} ${shown.path}`}
          deliverable={shown.deliverable}
          path={shown.path}
        />
      ) : (
        <p class="look-note faint" role="status">
          <Icon name="loading" spin /> <span>{t('look.loading')}</span>
        </p>
      )}
      <LinkDialog />
    </div>
  );
}

function Pages({ deliverable, path: first }: { readonly deliverable: Deliverable; readonly path: string }) {
  const t = useText();
  const { acts } = useFrame();
  const [way, setWay] = useState<readonly string[]>([first]);
  const path = way.at(-1) ?? first;
  const shown = useMemo(() => deliverable.files.map((file) => file.path), [deliverable]);
  const follow = useCallback((next: string) => setWay((before) => [...before.slice(-50), next]), []);
  return (
    <main class="look-main" aria-label={t('look.frame', { title: revealed(deliverable.title) })}>
      <h1 class="unseen">{revealed(deliverable.title)}</h1>
      <header class="look-head">
        <IconButton
          icon="arrow-left"
          label={t('look.back')}
          disabled={way.length < 2}
          onPress={() => setWay(way.slice(0, -1))}
        />
        <select
          class="look-pick"
          aria-label={t('look.pages')}
          value={path}
          onChange={(event) => follow(event.currentTarget.value)}
        >
          {(shown.indexOf(path) < mostPages ? shown : [path, ...shown]).slice(0, mostPages).map((one) => (
            <option key={one} value={one}>
              {revealed(one)}
            </option>
          ))}
        </select>
        <IconButton
          icon="go-to-file"
          label={t('look.source')}
          onPress={() => acts.tell({ act: 'openDeliverable', deliverable: deliverable.id, path })}
        />
      </header>
      <Look deliverable={deliverable} path={path} most={mostOfTab} follow={follow} />
    </main>
  );
}

/** Files that can be picked; of more of them the links lead to the others. */
const mostPages = 1_000;
