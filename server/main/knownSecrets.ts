import type { OpenSecrets } from '../adapters/secrets/openSecrets.ts';
import type { Draft, Store } from '../core/ports/store.ts';
import { secretOf } from '../core/providers.ts';
import type { SecretKeeper } from '../core/redaction.ts';
import { cleanDraft } from '../core/secrets/cleanDraft.ts';
import { secretsOfAccount } from '../core/targets.ts';
import type { EntryData } from '../protocol/entryData.ts';
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
 * The same store, in which no known secret is written (SECURITY S13). Before what a person or a tool says is written,
 * every secret that is kept is learned, also of providers that nobody asked yet, and each that any process kept since.
 */
export function cleanStore(store: Store, secrets: OpenSecrets, redactor: SecretKeeper): Store {
  let learning: Promise<number> | null = null;
  const learn = (names: Iterable<string>) =>
    Promise.all([...names].map((name) => secrets.get(name).catch(() => null)));
  const learnAll = async () => {
    const uses = [...(await store.providers()), ...ProviderKind.options.map((name) => ({ name }))];
    const accounts = Object.values(await store.kept('targetAccount'));
    await learn(new Set([...uses.map(secretOf), ...accounts.flatMap(secretsOfAccount)]));
    return 0;
  };
  const learnSince = async (after: number): Promise<number> => {
    const filter = { types: ['secret.changed' as const] };
    const { entries, more } = await store.entries({ filter, after, limit: 500 });
    await learn(new Set(entries.map(({ data }) => (data as EntryData<'secret.changed'>).name)));
    const last = entries.at(-1)?.seq ?? after;
    return more ? learnSince(last) : last;
  };
  return {
    ...store,
    append: async (drafts, fence) => {
      if (drafts.some(({ type }) => said.has(type))) {
        learning = (learning ?? learnAll()).then(learnSince);
        await learning.catch((error: unknown) => {
          learning = null;
          throw error;
        });
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

/** Entries with the words of a person, or with what a tool found. */
const said: ReadonlySet<Draft['type']> = new Set([
  'job.created',
  'job.steered',
  'session.renamed',
  'execution.finished',
  'call.refused',
]);

/** What went wrong, in words that may be written to a log. */
export function cleanCause(redactor: SecretKeeper, cause: unknown): unknown {
  if (!(cause instanceof Error)) return redactor.cleanIn(cause);
  const clean = new Error(redactor.clean(cause.message));
  clean.name = cause.name;
  clean.stack = redactor.clean(cause.stack ?? cause.message);
  return clean;
}
