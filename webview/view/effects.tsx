import type { Effect } from '../../server/protocol/effect.ts';
import { effectObject } from '../../server/protocol/effectText.ts';
import type { Text } from '../strings.ts';
import { useText } from './frame.ts';
import { Word } from './revealed.tsx';

/** The effects in words, each with its object and with what makes it grave. */
export function Effects({ effects }: { readonly effects: readonly Effect[] }) {
  const t = useText();
  return (
    <ul class="effects" aria-label={t('preview.effects')}>
      {effects.map((effect, index) => (
        <li key={index}>
          <span class="faint">{t(`effect.${effect.kind}`)}</span> <Word text={effectObject(effect)} />
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

/** Effects that a person should weigh twice, in words. */
export function gravity(effect: Effect, t: Text): string[] {
  const words: string[] = [];
  if ('place' in effect && effect.place === 'outside') words.push(t('effect.outside'));
  if ('place' in effect && effect.place === 'butler') words.push(t('effect.butler'));
  if ('reversible' in effect && effect.reversible === false) words.push(t('effect.irreversible'));
  return words;
}
