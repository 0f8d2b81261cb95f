import { useMemo, useState } from 'preact/hooks';
import type { Preview as PreviewData } from '../../server/protocol/approval.ts';
import type { Effect } from '../../server/protocol/effect.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import type { Text } from '../strings.ts';
import { type DiffRow, lineDiff, withGaps } from '../text/lineDiff.ts';
import { size } from '../text/measures.ts';
import { IconButton } from './button.tsx';
import { focusable } from './focusable.ts';
import { useFrame, useText } from './frame.ts';
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
      return <Files {...preview} />;
  }
}

/** The effects in words, each with its object and with what makes it grave. */
export function Effects({ effects }: { readonly effects: readonly Effect[] }) {
  const t = useText();
  return (
    <ul class="effects" aria-label={t('preview.effects')}>
      {effects.map((effect, index) => (
        <li key={index}>
          <span class="faint">{t(`effect.${effect.kind}`)}</span>{' '}
          <code>
            <Revealed text={objectOf(effect)} />
          </code>
          {gravity(effect, t).map((word) => (
            <span key={word} class="grave">
              {word}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function objectOf(effect: Effect): string {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return effect.shown;
    case 'run':
      return `${effect.argv.map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}  (${effect.cwd})`;
    case 'network':
      return effect.host;
    case 'publish':
      return `${effect.target}: ${effect.address}`;
    case 'send':
      return effect.address;
    case 'spend':
      return effect.amount;
    case 'configure':
      return effect.what;
    case 'ask':
      return effect.question;
    case 'mcp':
      return `${effect.server}: ${effect.tool}`;
  }
}

/** Effects that a person should weigh twice, in words. */
export function gravity(effect: Effect, t: Text): string[] {
  const words: string[] = [];
  if ('place' in effect && effect.place === 'outside') words.push(t('effect.outside'));
  if ('place' in effect && effect.place === 'butler') words.push(t('effect.butler'));
  if ('reversible' in effect && !effect.reversible) words.push(t('effect.irreversible'));
  return words;
}

function Diff({ path, before, after }: Extract<PreviewData, { kind: 'diff' }>) {
  const t = useText();
  const { acts } = useFrame();
  const [whole, setWhole] = useState(false);
  const rows = useMemo<DiffRow[]>(() => {
    const lines = lineDiff(before, after);
    return whole ? lines : withGaps(lines);
  }, [before, after, whole]);
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
        {rows.map((row, index) =>
          row.change === 'gap' ? (
            <button key={index} type="button" class="fold" onClick={() => setWhole(true)}>
              {t('preview.gap', { n: row.count })}
            </button>
          ) : (
            <div key={index} class={`diff-line ${row.change}`}>
              <span class="diff-sign" aria-hidden="true">
                {signs[row.change]}
              </span>
              {row.change === 'same' ? null : (
                <span class="unseen">{t(row.change === 'removed' ? 'preview.before' : 'preview.after')}</span>
              )}
              <code>
                <Revealed text={row.text} />
              </code>
            </div>
          ),
        )}
      </section>
    </figure>
  );
}

const signs = { same: ' ', removed: '−', added: '+' } as const;

/** Files of a longer list are shown on demand; what is deleted is never left out. */
const firstFiles = 12;

function Files({ address, files }: Extract<PreviewData, { kind: 'files' }>) {
  const t = useText();
  const [whole, setWhole] = useState(false);
  const sorted = useMemo(
    () => [...files].sort((left, right) => weight[left.change] - weight[right.change]),
    [files],
  );
  const deleted = files.filter((file) => file.change === 'delete').length;
  const shown = whole ? sorted : sorted.slice(0, Math.max(firstFiles, deleted));
  const rest = sorted.length - shown.length;
  const title = t(files.length === 1 ? 'preview.file' : 'preview.files', {
    n: files.length,
    address: revealed(address),
  });
  return (
    <figure class="files">
      <figcaption>{title}</figcaption>
      <ul ref={focusable} aria-label={title}>
        {shown.map((file) => (
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
        <button type="button" class="fold" onClick={() => setWhole(true)}>
          {t('preview.moreFiles', { n: rest })}
        </button>
      ) : null}
    </figure>
  );
}

const weight = { delete: 0, update: 1, create: 2, unchanged: 3 } as const;
