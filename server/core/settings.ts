import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import { adminStream } from '../protocol/journal.ts';
import type { ModelChoice } from '../protocol/provider.ts';
import type { Settings } from '../protocol/settings.ts';
import type { Provider } from './ports/provider.ts';
import type { Store } from './ports/store.ts';

/** Some of the settings; what is absent stays. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined };

/** Changes settings that all Abilities share; a provider that they name must be there. */
export async function saveSettings(
  ports: { readonly store: Store; providers(): readonly Provider[] },
  change: SettingsChange,
  actor: string,
): Promise<Outcome<Settings>> {
  const fault = unknownIn(ports.providers(), change);
  if (fault) return fault;
  const before = await ports.store.settings();
  const settings: Settings = {
    fallbacks: change.fallbacks ?? before.fallbacks,
    cloudFallback: change.cloudFallback ?? before.cloudFallback,
    fast: change.fast === undefined ? before.fast : change.fast,
    budget: change.budget ?? before.budget,
    ...undoOf(change.undo ?? before.undo),
  };
  const appended = await ports.store.append([
    { stream: adminStream, type: 'settings.saved', actor, data: { settings } },
  ]);
  return appended.ok ? good(settings) : appended;
}

const undoOf = (undo: Settings['undo']) => (undo ? { undo } : {});

function unknownIn(
  providers: readonly Provider[],
  { fallbacks = [], fast }: SettingsChange,
): Outcome<never> | null {
  const named: (readonly [field: string, choice: ModelChoice])[] = [
    ...fallbacks.map((choice, at) => [`fallbacks.${at}.provider`, choice] as const),
    ...(fast ? [['fast.provider', fast] as const] : []),
  ];
  const wrong = named.find(([, choice]) => !providers.some(({ name }) => name === choice.provider));
  if (!wrong) return null;
  const [field, { provider }] = wrong;
  const known = providers.map(({ name }) => name).join(', ');
  return bad(failures.invalid(field, `There is no provider "${provider}".`, `Choose one of: ${known}.`));
}
