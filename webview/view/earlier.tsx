import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { undoableFrom } from '../state/queue.ts';
import type { Row } from '../state/rows.ts';
import { Button } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';

interface EarlierProps {
  readonly rows: readonly Row[];
  draw(row: Row): ComponentChildren;
}

/** What another job has replaced, or what was withdrawn before it began: one line that opens. */
export function Earlier({ rows, draw }: EarlierProps) {
  const t = useText();
  const { state, acts } = useFrame();
  const [open, setOpen] = useState(false);
  const conversation = state.conversation.value;
  const replaced = conversation?.transcript.value.replaced ?? {};
  const withdrawn = rows.every(({ turn }) => replaced[turn.job] === turn.job);
  const jobs = new Set(rows.map(({ turn }) => turn.job));
  const undoable = undoableFrom(
    '',
    rows.map(({ turn }) => turn),
  );
  const said = rows.filter(({ turn }) => turn.kind === 'person' || turn.kind === 'assistant').length;
  const undo = async () => {
    for (const job of undoable) if (!(await acts.undo(job))) return;
  };
  const words = rows.flatMap(({ turn }) => (turn.kind === 'person' ? [turn.text] : [])).join('\n\n');
  const again = () => {
    const session = conversation?.session ?? '';
    const { drafts } = state.kept.value;
    acts.keep({ drafts: { ...drafts, [session]: [drafts[session], words].filter(Boolean).join('\n\n') } });
  };
  return (
    <details class="earlier" onToggle={(event) => setOpen(event.currentTarget.open)} data-jobs={jobs.size}>
      <summary>
        <Icon name={withdrawn ? 'circle-slash' : 'history'} />
        <span>
          {withdrawn ? t('earlier.withdrawn') : t(said === 1 ? 'earlier.one' : 'earlier.many', { n: said })}
        </span>
      </summary>
      {open ? (
        <div class="earlier-rows">
          {rows.map(draw)}
          <div class="buttons">
            {withdrawn ? (
              <Button secondary icon="edit" onPress={again}>
                {t('job.edit')}
              </Button>
            ) : null}
            {undoable.length > 0 ? (
              <Button secondary icon="discard" onPress={() => void undo()}>
                {t('job.undoFirst')}
              </Button>
            ) : null}
          </div>
        </div>
      ) : null}
    </details>
  );
}
