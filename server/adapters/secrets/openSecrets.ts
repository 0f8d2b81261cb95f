import type { Secrets } from '../../core/ports/secrets.ts';
import { keychain } from './keychain.ts';
import { secretFile } from './secretFile.ts';
import type { Vault } from './vault.ts';

/** The editor's own secret storage, asked over the wire. */
export interface EditorStorage {
  get(name: string): Promise<string | null>;
  /** Keeps the value, or takes it out when it is `null`. */
  put(name: string, value: string | null): Promise<void>;
}

/** Where secrets may be kept, safest first. */
export interface SecretPlaces {
  /** Path of the keychain's native part; without it there is no keychain. */
  readonly keychain?: string | undefined;
  readonly editor?: EditorStorage | undefined;
  /** The last resort: a file of the owner's only. */
  readonly file: string;
}

/** Secrets, and the places of them that every process of this person can reach. */
export interface OpenSecrets extends Secrets {
  /** Safest first: the keychain where there is one, and the file; never the editor. */
  shared(): Promise<readonly Vault[]>;
  /** The file beside which processes wait for each other. */
  readonly file: string;
}

/** Secrets in the safest place that works. Rejects only where even the file cannot be written. */
export function openSecrets(places: SecretPlaces): OpenSecrets {
  const file = secretFile(places.file);
  const chain = places.keychain ? [keychain(places.keychain)] : [];
  const editor = places.editor ? [editorVault(places.editor)] : [];
  const all = [...chain, ...editor, file];
  const working = (vaults: readonly Vault[]) => filterAsync(vaults, (vault) => vault.works());
  return {
    file: places.file,
    shared: () => working([...chain, file]),
    async get(name) {
      for (const vault of await working(all)) {
        const value = await vault.get(name).catch(rejectedBy(vault));
        if (value !== null) return value;
      }
      return null;
    },
    async set(name, value) {
      const vaults = await working(all);
      const kept = await firstThatKeeps(vaults, name, value);
      for (const vault of vaults) if (vault !== kept) await vault.remove(name).catch(rejectedBy(vault));
      return kept.place;
    },
    async remove(name) {
      for (const vault of await working(all)) await vault.remove(name);
    },
    place: async () => (await working(all))[0]?.place ?? file.place,
  };
}

function editorVault(storage: EditorStorage): Vault {
  return {
    place: { name: 'editor', about: "In the editor's own secret storage." },
    works: async () => true,
    get: (name) => storage.get(name),
    set: (name, value) => storage.put(name, value),
    remove: (name) => storage.put(name, null),
  };
}

/** A place that fails is passed over for the next one; the file is the last and its error is told. */
async function firstThatKeeps(vaults: readonly Vault[], name: string, value: string): Promise<Vault> {
  let last: unknown = new Error('There is no place for secrets.');
  for (const vault of vaults) {
    try {
      await vault.set(name, value);
      return vault;
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

const rejectedBy = (vault: Vault) => (error: unknown) => {
  if (vault.place.name === 'file') throw error;
  return null;
};

async function filterAsync<T>(all: readonly T[], keep: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(all.map(keep));
  return all.filter((_, at) => kept[at]);
}
