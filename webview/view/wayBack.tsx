import type { Deeds } from '../state/goingBack.ts';
import { goingBack } from '../state/wayBack.ts';
import type { TextKey } from '../strings.ts';
import { Button } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';

interface WayBackProps {
  /** All of one way, in the order in which they are gone through, until one does not come about. */
  readonly deeds: readonly Deeds[];
  readonly words: TextKey;
  readonly about?: string;
  /** Whether it stands in small print. */
  readonly quiet?: boolean;
  /** Called when all of it came about. */
  onDone?(): void;
}

/**
 * The button that takes back or does again. While that goes on the same button calls it off, so that the keyboard
 * stays where it is, and a line beside it says so.
 */
export function WayBack({ deeds, words, about, quiet, onDone }: WayBackProps) {
  const t = useText();
  const { acts, state } = useFrame();
  const going = deeds.map((one) => goingBack(state, one)).find((one) => one !== undefined);
  const way = deeds[0]?.way ?? 'undo';
  const stops = going?.long === true;
  const press = async () => {
    if (going) {
      if (going.long && !going.stopping) going.stop();
      return;
    }
    for (const one of deeds) if (!(await acts.goBack(one))) return;
    onDone?.();
  };
  const icon = stops ? 'debug-stop' : icons[way];
  const label = t(stops ? 'job.stop' : words);
  const told = stops ? t('undo.stopAbout') : about;
  return (
    <>
      {quiet ? (
        <button
          type="button"
          class="quiet"
          title={told}
          aria-disabled={going?.stopping ?? false}
          onClick={() => void press()}
        >
          <Icon name={icon} /> {label}
        </button>
      ) : (
        <Button
          secondary
          icon={icon}
          disabled={going?.stopping ?? false}
          {...(told ? { about: told } : {})}
          onPress={() => void press()}
        >
          {label}
        </Button>
      )}
      <span class="going-back" role="status">
        {stops ? (
          <>
            <Icon name="loading" spin /> <span>{t(going.stopping ? 'job.aborting' : doing[way])}</span>
          </>
        ) : null}
      </span>
    </>
  );
}

const icons = { undo: 'discard', redo: 'redo' } as const;
const doing = { undo: 'undo.going', redo: 'redo.going' } as const satisfies Record<string, TextKey>;
