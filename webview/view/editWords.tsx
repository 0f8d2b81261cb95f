import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { useText } from './frame.ts';

interface EditWordsProps {
  readonly text: string;
  /** What the button says that hands the new words over. */
  readonly save: string;
  /** Whether the changes that came of the old words can be taken back first. */
  readonly undoable: boolean;
  /** Takes the new words over; answers whether it went well. */
  onSave(text: string, undo: boolean): Promise<boolean>;
  /** Says the new words elsewhere, and leaves everything here as it is; absent where that is no choice. */
  readonly elsewhere?: { readonly label: string; say(text: string): Promise<boolean> };
  onCancel(): void;
}

/** Words of the person's own, being changed: Enter takes them over, Escape leaves them as they were. */
export function EditWords({ text, save, undoable, onSave, elsewhere, onCancel }: EditWordsProps) {
  const t = useText();
  const [words, setWords] = useState(text);
  const [undo, setUndo] = useState(undoable);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  // Before the first key can reach the field: a caret that moves later would put words in the wrong place.
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, [text]);
  const hand = async (over: (text: string) => Promise<boolean>) => {
    const next = words.trim();
    if (busy || next === '') return;
    setBusy(true);
    if (!(await over(next))) setBusy(false);
  };
  const done = () => hand((next) => onSave(next, undoable && undo));
  return (
    <div class="edit-words">
      <textarea
        ref={field}
        value={words}
        rows={1}
        maxLength={100_000}
        aria-label={t('job.editField')}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === 'Escape') onCancel();
          else if (event.key === 'Enter' && !event.shiftKey) void done();
          else return;
          event.preventDefault();
        }}
      />
      {undoable ? (
        <label class="undo-too">
          <input type="checkbox" checked={undo} onChange={(event) => setUndo(event.currentTarget.checked)} />
          {t('job.undoFirst')}
        </label>
      ) : null}
      <div class="buttons">
        <Button disabled={busy || words.trim() === ''} onPress={() => void done()}>
          {save}
        </Button>
        {elsewhere ? (
          <Button
            secondary
            icon="repo-forked"
            disabled={busy || words.trim() === ''}
            onPress={() => void hand(elsewhere.say)}
          >
            {elsewhere.label}
          </Button>
        ) : null}
        <Button secondary onPress={onCancel}>
          {t('link.cancel')}
        </Button>
      </div>
    </div>
  );
}
