import type { TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Mode } from '../../server/protocol/policy.ts';
import type { Conversation } from '../state/conversation.ts';
import { jobAtWork } from '../state/queue.ts';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';

interface ModeProps {
  readonly conversation: Conversation;
  /** What the person chose for the next job. */
  readonly chosen: Mode | null;
  onChoose(mode: Mode): void;
}

/** How much the job at work asks, or the next one, and the other ways to choose. */
export function ModePick({ conversation, chosen, onChoose }: ModeProps) {
  const t = useText();
  const { state, acts } = useFrame();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const job = jobAtWork(conversation.jobs.value);
  const mode = (job === null ? chosen : conversation.modes.value[job]) ?? state.mode.value;
  const name = t(job === null ? 'mode.next' : 'mode.now', { mode: t(`mode.${mode}`) });
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (next: Mode) => {
    close();
    if (job === null) onChoose(next);
    else if (next !== mode) void acts.setMode(job, next);
    acts.say(t('mode.chosen', { mode: t(`mode.${next}`) }));
  };
  return (
    <>
      <button
        type="button"
        class="quiet mode-button"
        data-mode={mode}
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={name}
        title={name}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icons[mode]} />
        <span>{t(`mode.${mode}`)}</span>
      </button>
      {open ? (
        <Menu
          mode={mode}
          about={t(job === null ? 'mode.ask-next' : 'mode.ask-now')}
          onChoose={choose}
          onClose={close}
        />
      ) : null}
    </>
  );
}

interface MenuProps {
  readonly mode: Mode;
  readonly about: string;
  onChoose(mode: Mode): void;
  onClose(): void;
}

function Menu({ mode, about, onChoose, onClose }: MenuProps) {
  const t = useText();
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus(), []);
  const onKey = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const step = steps[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (step) {
      const items = [...(place.current?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];
      const at = items.findIndex((item) => item.matches(':focus'));
      items[(at + step + items.length) % items.length]?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <div class="modes" ref={place}>
      <p id="modes-about">{about}</p>
      <div role="menu" aria-labelledby="modes-about" onKeyDown={onKey}>
        {Mode.options.map((one) => (
          <button
            key={one}
            type="button"
            role="menuitemradio"
            class="mode"
            aria-checked={one === mode}
            onClick={() => onChoose(one)}
            onBlur={({ relatedTarget }) => {
              const inside = relatedTarget instanceof Node && place.current?.contains(relatedTarget);
              if (relatedTarget && !inside) onClose();
            }}
          >
            <Icon name={icons[one]} />
            <span class="mode-name">{t(`mode.${one}`)}</span>
            {one === mode ? <Icon name="check" /> : null}
            <span class="faint">{t(`mode.${one}About`)}</span>
          </button>
        ))}
      </div>
      <p class="faint">
        <Icon name="lock" />
        <span>{t('mode.protected')}</span>
      </p>
    </div>
  );
}

const icons = { ask: 'question', assisted: 'shield', allow: 'pass' } as const satisfies Record<Mode, string>;

const steps: Readonly<Record<string, number | undefined>> = { ArrowDown: 1, ArrowUp: -1 };
