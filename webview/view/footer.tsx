import type { Footer } from '../state/rows.ts';
import { count, duration } from '../text/measures.ts';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';

/** The small print under an ended job: how long, how much, and the way back. */
export function FooterLine({ footer, job }: { readonly footer: Footer; readonly job: string }) {
  const t = useText();
  const { acts, state } = useFrame();
  const { usage, took, undoable } = footer;
  const number = (value: number) => count(value, state.language);
  if (!usage && took === null && !undoable) return null;
  return (
    <footer class="small-print">
      {took === null ? null : <span>{t('job.took', { time: duration(took) })}</span>}
      {usage ? (
        <span
          title={t('job.tokensAbout', {
            input: number(usage.input),
            cached: number(usage.cacheRead),
            output: number(usage.output),
          })}
        >
          {t('job.tokens', { input: number(usage.input), output: number(usage.output) })}
        </span>
      ) : null}
      {undoable ? (
        <button type="button" class="quiet" title={t('job.undoAbout')} onClick={() => void acts.undo(job)}>
          <Icon name="discard" /> {t('job.undo')}
        </button>
      ) : null}
    </footer>
  );
}
