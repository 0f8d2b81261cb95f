import type { OpenSecrets } from '../adapters/secrets/openSecrets.ts';
import type { Draft, Store } from '../core/ports/store.ts';
import { secretOf } from '../core/providers.ts';
import type { SecretKeeper } from '../core/redaction.ts';
import { cleanDraft } from '../core/secrets/cleanDraft.ts';
import { secretsOfAccount } from '../core/targets.ts';
import { ProviderKind } from '../protocol/provider.ts';

/** The same secrets; the redactor comes to know each that passes. */
export function watchedSecrets(secrets: OpenSecrets, redactor: SecretKeeper): OpenSecrets {
  return {
    ...secrets,
    get: async (name) => {
      const value = await secrets.get(name);
      redactor.learn([value]);
      return value;
    },
    set: (name, value) => {
      redactor.learn([value]);
      return secrets.set(name, value);
    },
  };
}

/**
 * The same store, in which no known secret is written (SECURITY S13). Before the first result of a tool, and again
 * after a key was changed by any process, every key that is kept is learned, also of providers that nobody asked yet.
 */
export function cleanStore(store: Store, secrets: OpenSecrets, redactor: SecretKeeper): Store {
  let learned: Promise<void> | null = null;
  store.watch((news) => {
    if (!news || news.some(({ type }) => type === 'secret.changed')) learned = null;
  });
  const learnAll = async () => {
    const uses = [...(await store.providers()), ...ProviderKind.options.map((name) => ({ name }))];
    const accounts = Object.values(await store.kept('targetAccount'));
    const names = new Set([...uses.map(secretOf), ...accounts.flatMap(secretsOfAccount)]);
    await Promise.all([...names].map((name) => secrets.get(name).catch(() => null)));
  };
  return {
    ...store,
    append: async (drafts, fence) => {
      if (drafts.some(isHeard)) {
        learned ??= learnAll();
        await learned;
      }
      return store.append(
        drafts.map((draft) => cleanDraft(redactor, draft)),
        fence,
      );
    },
  };
}

/** The values in an environment whose names say that they are secret. */
export function environmentSecrets(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    secretName.test(name) && value && mixed.test(value) ? [value] : [],
  );
}

const secretName = /(?:key|token|secret|password|passwd|pwd|credentials?|auth)$/i;
/** Not a plain word, a number, a path or an address, which would be taken out of all text. */
const mixed = /^(?=.*\d)(?=.*[A-Za-z])(?![./~]|[A-Za-z]:\\|\w+:\/\/).{8,}$/;

const isHeard = ({ type }: Draft) => type === 'execution.finished' || type === 'call.refused';

/** What went wrong, in words that may be written to a log. */
export function cleanCause(redactor: SecretKeeper, cause: unknown): unknown {
  if (!(cause instanceof Error)) return redactor.cleanIn(cause);
  const clean = new Error(redactor.clean(cause.message));
  clean.name = cause.name;
  clean.stack = redactor.clean(cause.stack ?? cause.message);
  return clean;
}
