import { useMemo, useState } from 'preact/hooks';
import type { Preview } from '../../server/protocol/approval.ts';
import type { Visibility } from '../../server/protocol/deliverable.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { count, size } from '../text/measures.ts';
import { focusable } from './focusable.ts';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

type FilesPreview = Omit<Extract<Preview, { kind: 'files' }>, 'kind'>;
type File = FilesPreview['files'][number];

/** What a publication puts where, who will see it, and what taking it back would do. */
export function PublicationFiles({ address, files, visibility, undoes, notes = [] }: FilesPreview) {
  const t = useText();
  return (
    <>
      {visibility ? <Seen visibility={visibility} /> : null}
      <Files address={address} files={files} />
      {notes.length > 0 ? <Notes notes={notes} /> : null}
      {undoes ? (
        <p class="publication-undoes">
          <Icon name="discard" />
          <span>
            <Revealed text={t('preview.undoes', { what: t.said(undoes) })} />
          </span>
        </p>
      ) : null}
    </>
  );
}

/** Notes shown at once; the others are a press away. */
const firstNotes = 8;

function Notes({ notes }: { readonly notes: readonly string[] }) {
  const t = useText();
  const [whole, setWhole] = useState(notes.length <= firstNotes);
  return (
    <>
      <ul class="publication-notes" aria-label={t('preview.notes')}>
        {notes.slice(0, whole ? notes.length : firstNotes).map((note, index) => (
          <li key={index}>
            <Icon name="info" />
            <span>
              <Revealed text={t.said(note)} />
            </span>
          </li>
        ))}
      </ul>
      {whole ? null : (
        <button type="button" class="fold" onClick={() => setWhole(true)}>
          {t('preview.moreNotes', { n: notes.length - firstNotes })}
        </button>
      )}
    </>
  );
}

/** Who can see it there, in a word and not by colour alone. */
export function Seen({ visibility }: { readonly visibility: Visibility }) {
  const t = useText();
  return (
    <p class={`seen-by ${visibility}`}>
      <Icon name={seenIcons[visibility]} />
      <span>{t(`visibility.${visibility}`)}</span>
    </p>
  );
}

const seenIcons = {
  public: 'globe',
  unlisted: 'link',
  private: 'lock',
  server: 'server',
  local: 'vm',
} as const satisfies Record<Visibility, string>;

/** Files of a longer list are shown on demand, so many at a time; what is deleted stands before all else. */
const firstFiles = 12;
const mostAtOnce = 400;

function Files({ address, files }: Pick<FilesPreview, 'address' | 'files'>) {
  const t = useText();
  const sorted = useMemo(
    () => [...files].sort((left, right) => weight[left.change] - weight[right.change]),
    [files],
  );
  const deleted = files.filter(({ change }) => change === 'delete').length;
  const [shown, setShown] = useState(Math.min(mostAtOnce, Math.max(firstFiles, deleted)));
  const rest = Math.max(0, sorted.length - shown);
  const title = t(files.length === 1 ? 'preview.file' : 'preview.files', {
    n: files.length,
    address: revealed(address),
  });
  return (
    <figure class="files">
      <figcaption>
        <span>{title}</span>
        <Counts files={files} />
      </figcaption>
      <ul ref={focusable} aria-label={title}>
        {sorted.slice(0, shown).map((file) => (
          <li key={file.path} class={`file ${file.change}`}>
            <code>
              <Revealed text={file.path} />
            </code>
            <span class="file-change">{t(`preview.${file.change}`)}</span>
            <span class="faint">{size(file.size)}</span>
          </li>
        ))}
      </ul>
      {rest > 0 ? (
        <button type="button" class="fold" onClick={() => setShown(shown + mostAtOnce)}>
          {rest > mostAtOnce
            ? t('preview.nextFiles', { n: rest, next: mostAtOnce })
            : t('preview.moreFiles', { n: rest })}
        </button>
      ) : null}
    </figure>
  );
}

const weight = { delete: 0, update: 1, create: 2, unchanged: 3 } as const;

/** How many files are new, changed, deleted and left as they are. */
function Counts({ files }: { readonly files: readonly File[] }) {
  const t = useText();
  const { language } = useFrame().state;
  const counted = changes.flatMap((change) => {
    const n = files.filter((file) => file.change === change).length;
    return n === 0 ? [] : [{ change, text: t(`preview.count.${change}`, { n: count(n, language) }) }];
  });
  return (
    <span class="file-counts">
      {counted.map(({ change, text }) => (
        <span key={change} class={`file-count ${change}`}>
          {text}
        </span>
      ))}
    </span>
  );
}

const changes = ['create', 'update', 'delete', 'unchanged'] as const;
