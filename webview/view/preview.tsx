import { useMemo, useState } from 'preact/hooks';
import type { Preview as PreviewData } from '../../server/protocol/approval.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { type DiffRow, endsOf, lineDiff, withGaps } from '../text/lineDiff.ts';
import { IconButton } from './button.tsx';
import { focusable } from './focusable.ts';
import { useFrame, useText } from './frame.ts';
import { PublicationFiles } from './publicationFiles.tsx';
import { LongText, Revealed } from './revealed.tsx';

/** What exactly would happen: a diff, the list of files, or the text itself. */
export function Preview({ preview }: { readonly preview: PreviewData }) {
  const t = useText();
  switch (preview.kind) {
    case 'text':
      return <LongText text={preview.text} label={t('preview.text')} />;
    case 'diff':
      return <Diff {...preview} />;
    case 'files':
      return <PublicationFiles {...preview} />;
  }
}

/** A change of a text, line by line; what did not change is folded. */
export function Diff({ path, before, after }: Omit<Extract<PreviewData, { kind: 'diff' }>, 'kind'>) {
  const t = useText();
  const { acts } = useFrame();
  const [whole, setWhole] = useState(false);
  const [shown, setShown] = useState((before ?? '').length + after.length > longText ? fewRows : firstRows);
  const rows = useMemo<DiffRow[]>(() => {
    const lines = lineDiff(before, after);
    return whole ? lines : withGaps(lines);
  }, [before, after, whole]);
  const { head, between, tail } = endsOf(rows, shown);
  const unfold = () => setWhole(true);
  const title = t(before === null ? 'preview.newFile' : 'preview.diff', { path: revealed(path) });
  return (
    <figure class="diff">
      <figcaption>
        <span>{title}</span>
        <IconButton
          icon="diff"
          label={t('preview.openDiff')}
          onPress={() => acts.tell({ act: 'openDiff', path, before, after })}
        />
      </figcaption>
      <section class="diff-lines" aria-label={title} ref={focusable}>
        {head.map((row, index) => (
          <Row key={index} row={row} onUnfold={unfold} />
        ))}
        {between === 0 ? null : (
          <button type="button" class="fold" onClick={() => setShown(shown * 10)}>
            {t('preview.between', { n: between })}
          </button>
        )}
        {tail.map((row, index) => (
          <Row key={rows.length - tail.length + index} row={row} onUnfold={unfold} />
        ))}
      </section>
    </figure>
  );
}

/** Rows of a longer difference are shown on demand, between its head and its tail. */
const firstRows = 600;
/** The same where the texts are long, so that many long rows are never drawn at once. */
const fewRows = 60;
const longText = 100_000;
/** Characters of a row that are shown at once. */
const longestRow = 1_800;

/** A line of a difference, or the place of lines that did not change. */
function Row({ row, onUnfold }: { readonly row: DiffRow; onUnfold(): void }) {
  const t = useText();
  if (row.change === 'gap') {
    return (
      <button type="button" class="fold" onClick={onUnfold}>
        {t('preview.gap', { n: row.count })}
      </button>
    );
  }
  return (
    <div class={`diff-line ${row.change}`}>
      <span class="diff-sign" aria-hidden="true">
        {signs[row.change]}
      </span>
      {row.change === 'same' ? null : (
        <span class="unseen">{t(row.change === 'removed' ? 'preview.before' : 'preview.after')}</span>
      )}
      <code>
        <Revealed text={row.text} most={longestRow} />
      </code>
    </div>
  );
}

const signs = { same: ' ', removed: '−', added: '+' } as const;
