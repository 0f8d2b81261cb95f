import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { locked } from './lock.ts';
import type { OpenSecrets } from './openSecrets.ts';

/**
 * The store's 32-byte key, from the keychain or the file; made at the first start, and the same one for
 * processes that start at once. Never a new key for a store that exists: it could not be opened with it.
 */
export async function storeKey(secrets: OpenSecrets, storeFile: string): Promise<Outcome<Uint8Array>> {
  const known = await find(secrets);
  if (known) return good(known);
  return locked(`${secrets.file}.store-key.lock`, async () => {
    const made = await find(secrets);
    if (made) return good(made);
    if (((await stat(storeFile).catch(() => null))?.size ?? 0) > 0) return bad(lost(storeFile));
    return create(secrets);
  });
}

const name = 'store-key';
const keyPattern = /^[0-9a-f]{64}$/;

async function find(secrets: OpenSecrets): Promise<Uint8Array | null> {
  for (const vault of await secrets.shared()) {
    const value = await vault.get(name).catch(() => null);
    if (value && keyPattern.test(value)) return Buffer.from(value, 'hex');
  }
  return null;
}

async function create(secrets: OpenSecrets): Promise<Outcome<Uint8Array>> {
  const value = randomBytes(32).toString('hex');
  for (const vault of await secrets.shared()) {
    try {
      await vault.set(name, value);
      if ((await vault.get(name)) === value) return good(Buffer.from(value, 'hex'));
    } catch {
      // The next place is tried; when none keeps it, the failure below says so.
    }
  }
  return bad(
    failures.store(
      'The key of the store cannot be kept anywhere.',
      `Make the folder of ${secrets.file} writable for you, then try again.`,
    ),
  );
}

function lost(storeFile: string) {
  return failures.store(
    `The key of the store ${storeFile} is not at hand.`,
    'Unlock the keychain of this computer and try again; without the key the store cannot be read.',
  );
}
