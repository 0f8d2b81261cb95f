import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { failures } from '../../../../protocol/failure.ts';
import { RemoteFault } from '../../remote/remoteFault.ts';
import { openOpensshKey } from './opensshKey.ts';
import { Packer } from './packet.ts';
import { blobOf, curveOf, signings } from './publicKey.ts';

/** A person's key, with what a server knows of it. */
export interface PersonalKey {
  readonly kind: string;
  readonly blob: Buffer;
  readonly key: KeyObject;
}

/** Reads the text of a key file, of OpenSSH's own form or PEM; what cannot be read is a fault that tells nothing of it. */
export function readPrivateKey(text: string, passphrase: string): PersonalKey {
  const trimmed = `${text.trim()}\n`;
  try {
    const isOpenssh = trimmed.startsWith('-----BEGIN OPENSSH PRIVATE KEY-----');
    const key = isOpenssh
      ? openOpensshKey(trimmed, passphrase)
      : createPrivateKey({ key: trimmed, passphrase });
    return { ...blobOf(key), key };
  } catch {
    throw unreadable();
  }
}

/** The way to sign that a server takes of a key: the newest that it named, else one that every server knows. */
export function signingFor({ kind }: PersonalKey, taken: readonly string[]): string {
  if (kind !== 'ssh-rsa') return kind;
  return taken.includes('rsa-sha2-512') || taken.length === 0 ? 'rsa-sha2-512' : 'rsa-sha2-256';
}

/** Signs in the form of SSH. */
export function signatureOf({ key, kind }: PersonalKey, algorithm: string, bytes: Buffer): Buffer {
  const hash = signings[algorithm]?.hash ?? null;
  const signed = new Packer().string(algorithm);
  if (!kind.startsWith('ecdsa')) return signed.string(sign(hash, bytes, key)).bytes();
  const both = sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' });
  const { size } = curveOf(kind);
  const numbers = new Packer().mpint(both.subarray(0, size)).mpint(both.subarray(size));
  return signed.string(numbers.bytes()).bytes();
}

function unreadable(): RemoteFault {
  const what = 'The private key of the account cannot be read with this passphrase.';
  const mend =
    'Connect the account again with the whole text of the key file and its passphrase, if it has one.';
  return new RemoteFault({ ...failures.wrongAccount('The SSH server'), what, mend });
}
