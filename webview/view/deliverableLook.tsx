import { useId, useMemo, useState } from 'preact/hooks';
import type { Deliverable, DeliverableFile } from '../../server/protocol/deliverable.ts';
import { firstLook, lookKind } from '../text/lookKinds.ts';
import { IconButton } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Look, mostOfCard } from './look.tsx';

/** Bytes of a picture, and of a document, that a card draws without being asked. */
const smallImage = 4_000_000;
const smallText = 100_000;

/**
 * How a deliverable will look, in its card: small pictures and documents at once, and what there is no preview of; all else when
 * it is wanted.
 */
export function DeliverableLook({ deliverable }: { readonly deliverable: Deliverable }) {
  const t = useText();
  const { acts } = useFrame();
  const place = useId();
  const { id, files, published, type } = deliverable;
  const entry = published?.entry;
  const first = useMemo(() => firstLook(files, entry), [files, entry]);
  const [open, setOpen] = useState(first !== undefined && isSmall(first, type));
  const [path, setPath] = useState(first?.path ?? '');
  if (!first) return null;
  return (
    <div class="look">
      <div class="look-line">
        <button
          type="button"
          class="quiet"
          aria-expanded={open}
          aria-controls={place}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          {t(open ? 'deliverable.hide' : 'deliverable.look')}
        </button>
        {open && path !== first.path ? (
          <IconButton icon="arrow-left" label={t('look.back')} onPress={() => setPath(first.path)} />
        ) : null}
        <IconButton
          icon="open-preview"
          label={t('deliverable.lookLarge')}
          onPress={() => acts.tell({ act: 'previewDeliverable', deliverable: id, path })}
        />
        <IconButton
          icon="save-as"
          label={t('deliverable.save')}
          onPress={() => acts.tell({ act: 'saveDeliverable', deliverable: id })}
        />
        <IconButton
          icon="git-compare"
          label={t('deliverable.compare')}
          onPress={() => acts.tell({ act: 'compareDeliverable', deliverable: id })}
        />
      </div>
      <div id={place} class="look-place" hidden={!open}>
        {open ? <Look deliverable={deliverable} path={path} most={mostOfCard} follow={setPath} /> : null}
      </div>
    </div>
  );
}

function isSmall(file: DeliverableFile, type: string): boolean {
  const kind = lookKind(file);
  if (kind === 'none') return true;
  if (kind === 'pdf') return file.size <= smallImage;
  if (kind === 'image') return type === 'image' && file.size <= smallImage;
  return kind === 'markdown' && type === 'document' && file.size <= smallText;
}
