import { type Connection, connectionAsOf } from '../server/protocol/connection.ts';
import type { ProviderInfo } from '../server/protocol/provider.ts';
import type { Translate } from './translate.ts';

/** How something stands, as a list shows it. */
export interface StateLook {
  /** A codicon's name. */
  readonly icon: string;
  readonly words: string;
}

/** How a provider could be reached last. */
export function connectionLook({ state, until }: Connection, t: Translate): StateLook {
  const looks = {
    unknown: () => look('circle-large-outline', t('not asked yet')),
    online: () => look('pass', t('answers')),
    offline: () => look('debug-disconnect', t('cannot be reached')),
    limited: () =>
      look('watch', until === undefined ? t('limited') : t('limited until {0}', clockTime(until))),
    overloaded: () => look('warning', t('overloaded')),
    login: () => look('key', t('needs a valid API key')),
  };
  return looks[state]();
}

/** How a provider stands: whether it can be used, and how it could be reached last. */
export function providerLook(provider: ProviderInfo, t: Translate, now: number): StateLook {
  const { kind, key, ready } = provider;
  const connection = connectionAsOf(provider.connection, now);
  if (kind === 'offline') return look('home', t('always there, without any model'));
  if (key === 'missing') return look('key', t('needs an API key'));
  if (connection.state !== 'unknown') return connectionLook(connection, t);
  if (isFound(provider)) return look('sparkle', t('found here'));
  return ready ? connectionLook(connection, t) : look('circle-slash', t('not there'));
}

/** Whether a person set a provider up. */
export function isSetUp({ kind, key, config }: ProviderInfo): boolean {
  return kind !== 'offline' && (config !== undefined || key === 'set');
}

/** Whether a provider is there by itself and only waits to be used. */
export function isFound(provider: ProviderInfo): boolean {
  return provider.kind !== 'offline' && provider.ready && !isSetUp(provider);
}

/** Whether a provider that is in use does not answer just now. */
export function isInTrouble(provider: ProviderInfo, now: number): boolean {
  const { state } = connectionAsOf(provider.connection, now);
  if (!isSetUp(provider) && state === 'unknown') return false;
  if (provider.key === 'missing') return isSetUp(provider);
  return state !== 'online' && state !== 'unknown';
}

function clockTime(time: number): string {
  return new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

function look(icon: string, words: string): StateLook {
  return { icon, words };
}
