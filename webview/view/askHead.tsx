import { countdown } from '../text/measures.ts';
import { useNow, useText } from './frame.ts';
import { Icon } from './icon.tsx';

interface AskHeadProps {
  readonly icon: string;
  readonly lead: string;
  /** ms since 1970. */
  readonly expires: number;
}

/** The first line of a question, with the time left. */
export function AskHead({ icon, lead, expires }: AskHeadProps) {
  const t = useText();
  const now = useNow(1000, true);
  const left = countdown(expires - now);
  return (
    <header>
      <Icon name={icon} />
      <span class="ask-lead">{lead}</span>
      <span class="ask-left" role="timer" aria-label={t('ask.leftAbout', { time: left })}>
        {t('ask.left', { time: left })}
      </span>
    </header>
  );
}
