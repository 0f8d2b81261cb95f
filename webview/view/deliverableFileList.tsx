import { useState } from 'preact/hooks';
import type { Deliverable } from '../../server/protocol/deliverable.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { size } from '../text/measures.ts';
import { IconButton } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Revealed } from './revealed.tsx';

/** Files shown at first, and with each further press. */
const firstFiles = 40;
const nextFiles = 200;

/** The files of a deliverable; each opens in the editor, one of code beside that of the workspace too. */
export function DeliverableFileList({ deliverable }: { readonly deliverable: Deliverable }) {
  const t = useText();
  const [shown, setShown] = useState(firstFiles);
  const [open, setOpen] = useState(false);
  const { files } = deliverable;
  const whole = files.reduce((sum, file) => sum + file.size, 0);
  const rest = files.length - shown;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {files.length === 1 ? t('deliverable.files.one') : t('deliverable.files.many', { n: files.length })}
        <span class="faint">{size(whole)}</span>
      </summary>
      {open ? (
        <>
          <ul class="file-list">
            {files.slice(0, shown).map((file) => (
              <FileRow key={file.path} deliverable={deliverable} path={file.path} bytes={file.size} />
            ))}
          </ul>
          {rest > 0 ? (
            <button type="button" class="fold" onClick={() => setShown(shown + nextFiles)}>
              {rest > nextFiles
                ? t('deliverable.showMore', { n: rest, next: nextFiles })
                : t('deliverable.more', { n: rest })}
            </button>
          ) : null}
        </>
      ) : null}
    </details>
  );
}

interface RowProps {
  readonly deliverable: Deliverable;
  readonly path: string;
  readonly bytes: number;
}

function FileRow({ deliverable: { id, type }, path, bytes }: RowProps) {
  const t = useText();
  const { acts } = useFrame();
  const at = { deliverable: id, path };
  return (
    <li>
      <button
        type="button"
        class="file-link"
        title={t('deliverable.openFile', { path: revealed(path) })}
        onClick={() => acts.tell({ act: 'openDeliverable', ...at })}
      >
        <code>
          <Revealed still text={path} />
        </code>
      </button>
      {type === 'code' ? (
        <IconButton
          icon="diff"
          label={t('deliverable.diffFile', { path: revealed(path) })}
          onPress={() => acts.tell({ act: 'diffDeliverable', ...at })}
        />
      ) : null}
      <span class="faint">{size(bytes)}</span>
    </li>
  );
}
