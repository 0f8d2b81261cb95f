import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Vault } from './vault.ts';

/**
 * The keychain of the operating system. It is tried once, when first asked for, by keeping and taking out a
 * probe; one that throws or stays silent counts as absent for the life of this process.
 */
export function keychain(nativePath: string, patience = longestSilence): Vault {
  let probing: Promise<Binding | null> | null = null;
  const binding = () => {
    probing ??= probe(nativePath, patience);
    return probing;
  };
  const entry = async (name: string) => {
    const native = await binding();
    return native ? entryIn(native, name) : null;
  };
  const ask = <T>(work: (signal: AbortSignal) => Promise<T>) => within(patience, work);
  return {
    place: { name: 'keychain', about: 'In the keychain of this computer, unlocked with your login.' },
    works: async () => (await binding()) !== null,
    async get(name) {
      const found = await entry(name);
      return found ? ((await ask((signal) => found.getPassword(signal))) ?? null) : null;
    },
    async set(name, value) {
      const found = await entry(name);
      await ask(async (signal) => found?.setPassword(value, signal));
    },
    async remove(name) {
      const found = await entry(name);
      await ask(async (signal) => found?.deleteCredential(signal));
    },
  };
}

interface KeychainEntry {
  getPassword(signal: AbortSignal): Promise<string | null | undefined>;
  setPassword(value: string, signal: AbortSignal): Promise<void>;
  deleteCredential(signal: AbortSignal): Promise<boolean>;
}

interface Binding {
  readonly AsyncEntry: new (service: string, name: string, options: object) => KeychainEntry;
}

const service = 'virtual-butler';
/** Milliseconds after which a keychain that does not answer counts as absent. */
const longestSilence = 2000;

/** On Linux the Secret Service only: the kernel's keyring forgets everything at the next start. */
function entryIn(binding: Binding, name: string): KeychainEntry {
  return new binding.AsyncEntry(service, name, { linux: { store: 'secret-service' } });
}

async function probe(nativePath: string, patience: number): Promise<Binding | null> {
  try {
    const binding = createRequire(import.meta.url)(nativePath) as Binding;
    const value = randomBytes(8).toString('hex');
    const entry = entryIn(binding, `probe-${process.pid}-${value}`);
    const kept = await within(patience, async (signal) => {
      await entry.setPassword(value, signal);
      const found = await entry.getPassword(signal);
      await entry.deleteCredential(signal);
      return found;
    });
    return kept === value ? binding : null;
  } catch {
    return null;
  }
}

async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('The keychain does not answer.')), ms);
  try {
    return await Promise.race([work(AbortSignal.timeout(ms)), silence]);
  } finally {
    clearTimeout(timer);
  }
}
