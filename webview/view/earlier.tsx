import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Acts } from '../state/acts.ts';
import type { PageState } from '../state/page.ts';
import { undoableFrom } from '../state/queue.ts';
import type { Row } from '../state/rows.ts';
import { Button } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { WayBack } from './wayBack.tsx';

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
  const again = () => {
    if (conversation) putBack(rows, conversation.session, state, acts);
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
              <WayBack deeds={undoable.map((job) => ({ way: 'undo', job }))} words="job.undoFirst" />
            ) : null}
          </div>
        </div>
      ) : null}
    </details>
  );
}

/** Puts what a person said and gave back to the draft of the session, to what stands there. */
function putBack(
  rows: readonly Row[],
  session: string,
  { kept, thumbs }: Pick<PageState, 'kept' | 'thumbs'>,
  acts: Acts,
): void {
  const turns = rows.flatMap(({ turn }) => (turn.kind === 'person' ? [turn] : []));
  const { drafts, images, files } = kept.value;
  const words = turns.map(({ text }) => text).join('\n\n');
  const pictures = turns.flatMap((turn) =>
    turn.images.map((image) => ({ image, thumb: thumbs.value[image.digest] ?? '' })),
  );
  acts.keep({ drafts: { ...drafts, [session]: [drafts[session], words].filter(Boolean).join('\n\n') } });
  acts.keepImages(session, [...(images[session] ?? []), ...pictures]);
  acts.keepFiles(session, [...(files[session] ?? []), ...turns.flatMap((turn) => turn.files ?? [])]);
}
