import { connectionAsOf } from '../../server/protocol/connection.ts';
import type { ProviderInfo } from '../../server/protocol/provider.ts';
import type { TextKey } from '../strings.ts';
import { clockTime, countdown } from '../text/measures.ts';
import { useFrame, useNow, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

/** Says over the field what keeps the provider of the session's Ability from answering, while something does. */
export function ConnectionLine({ ability }: { readonly ability: string | undefined }) {
  const t = useText();
  const { state, acts } = useFrame();
  const named = state.abilities.value?.find((one) => one.id === ability);
  const info = state.providers.value?.find((one) => one.name === named?.provider);
  const until = info?.connection.until ?? 0;
  const now = useNow(1000, until > 0);
  if (!named || !state.providers.value) return null;
  const word = info ? standing(info, now) : 'gone';
  if (word === null) return null;
  const provider = info?.title ?? named.provider;
  const time = clockTime(until, state.language);
  return (
    <div class="connection">
      <Icon name={looks[word].icon} />
      <span role="status">
        <Revealed text={t(looks[word].words, { provider, time })} />
      </span>
      {word === 'limited' ? <span aria-hidden="true">{countdown(until - now)}</span> : null}
      {word === 'noKey' || word === 'wrongKey' ? (
        <button
          type="button"
          class="quiet"
          onClick={() => acts.tell({ act: 'setKey', provider: named.provider })}
        >
          {t('failure.setKey')}
        </button>
      ) : null}
      {word === 'gone' ? (
        <button
          type="button"
          class="quiet"
          onClick={() => acts.tell({ act: 'editAbility', ability: named.id })}
        >
          {t('provider.editAbility')}
        </button>
      ) : null}
    </div>
  );
}

type Word = 'offline' | 'limited' | 'limitedNow' | 'overloaded' | 'noKey' | 'wrongKey' | 'gone';

/** What stands in the way of an answer; `null` where nothing is known to. */
function standing({ key, connection }: ProviderInfo, now: number): Word | null {
  const { state, until } = connectionAsOf(connection, now);
  if (key === 'missing') return 'noKey';
  if (state === 'login') return 'wrongKey';
  if (state === 'offline') return 'offline';
  if (state === 'limited') return until === undefined ? 'limitedNow' : 'limited';
  return state === 'overloaded' ? 'overloaded' : null;
}

const looks = {
  offline: { icon: 'debug-disconnect', words: 'provider.offline' },
  limited: { icon: 'watch', words: 'provider.limited' },
  limitedNow: { icon: 'watch', words: 'provider.limitedNow' },
  overloaded: { icon: 'server-environment', words: 'provider.overloaded' },
  noKey: { icon: 'key', words: 'provider.noKey' },
  wrongKey: { icon: 'key', words: 'provider.wrongKey' },
  gone: { icon: 'warning', words: 'provider.gone' },
} as const satisfies Record<Word, { readonly icon: string; readonly words: TextKey }>;
