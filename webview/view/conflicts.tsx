import type { UndoReport } from '../../server/protocol/job.ts';
import type { TextKey } from '../strings.ts';
import { Button } from './button.tsx';
import { useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Diff } from './preview.tsx';
import { Revealed } from './revealed.tsx';

interface ConflictsProps {
  /** So many others went well. */
  readonly done: number;
  readonly conflicts: UndoReport['conflicts'];
  dismiss(): void;
}

/** What could not be taken back or done again, with what stands there against what it would have become. */
export function Conflicts({ done, conflicts, dismiss }: ConflictsProps) {
  const t = useText();
  return (
    <section class="failure conflict" aria-label={t('conflict.title')}>
      <Icon name="git-compare" />
      <div class="failure-words">
        <p class="failure-title">{t('conflict.title')}</p>
        <p>{t(doneWords(done), { n: done })}</p>
        {conflicts.map(({ execution, title, failure, diffs = [] }) => (
          <div key={execution} class="conflict-one">
            <p>
              <Revealed text={`${t.titled(title)}: ${t.said(failure.what)}`} />
            </p>
            <p class="faint">
              <Revealed text={t.said(failure.mend)} />
            </p>
            {diffs.map(({ path, before, after }) => (
              <div key={path}>
                <p class="faint">{sides(before, after, t)}</p>
                <Diff path={path} before={before} after={after ?? ''} />
              </div>
            ))}
          </div>
        ))}
        <div class="buttons">
          <Button secondary onPress={dismiss}>
            {t('failure.dismiss')}
          </Button>
        </div>
      </div>
    </section>
  );
}

function doneWords(done: number): TextKey {
  if (done === 0) return 'conflict.nothing';
  return done === 1 ? 'conflict.one' : 'conflict.some';
}

function sides(before: string | null, after: string | null, t: ReturnType<typeof useText>): string {
  if (before === null) return t('conflict.gone');
  return t(after === null ? 'conflict.remove' : 'conflict.change');
}
