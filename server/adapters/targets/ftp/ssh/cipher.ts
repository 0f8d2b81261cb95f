import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { malformed } from './packet.ts';

/** Makes a payload a packet of the wire; packets are numbered from 0. */
export type Seal = (payload: Buffer, number: number) => Buffer;
/** Takes the first packet off what came; `null` while it is not whole. */
export type Open = (
  bytes: Buffer,
  number: number,
) => { readonly payload: Buffer; readonly used: number } | null;

/** A way to encrypt, by its name in SSH. */
interface Cipher {
  readonly algorithm: 'aes-256-gcm' | 'aes-128-gcm' | 'aes-256-ctr' | 'aes-192-ctr' | 'aes-128-ctr';
  readonly key: number;
  readonly iv: number;
}
interface Mac {
  readonly hash: string;
  readonly key: number;
  /** Whether it covers what is encrypted already. */
  readonly outside: boolean;
}

/** The ciphers that are offered, the preferred first; GCM brings its own check (RFC 5647 as OpenSSH uses it). */
export const ciphers: Readonly<Record<string, Cipher>> = {
  'aes256-gcm@openssh.com': { algorithm: 'aes-256-gcm', key: 32, iv: 12 },
  'aes128-gcm@openssh.com': { algorithm: 'aes-128-gcm', key: 16, iv: 12 },
  'aes256-ctr': { algorithm: 'aes-256-ctr', key: 32, iv: 16 },
  'aes192-ctr': { algorithm: 'aes-192-ctr', key: 24, iv: 16 },
  'aes128-ctr': { algorithm: 'aes-128-ctr', key: 16, iv: 16 },
};

/** The checks that are offered, the preferred first. */
export const macs: Readonly<Record<string, Mac>> = {
  'hmac-sha2-256-etm@openssh.com': { hash: 'sha256', key: 32, outside: true },
  'hmac-sha2-512-etm@openssh.com': { hash: 'sha512', key: 64, outside: true },
  'hmac-sha2-256': { hash: 'sha256', key: 32, outside: false },
  'hmac-sha2-512': { hash: 'sha512', key: 64, outside: false },
};

/** The keys of one direction. */
export interface Keys {
  readonly cipher: Cipher;
  readonly mac: Mac;
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly macKey: Buffer;
}

/** Packets before the first exchange of keys. */
export const sealPlainly: Seal = (payload) => framed(payload, 8, 4);

/** Reads packets before the first exchange of keys. */
export const openPlainly: Open = (bytes) => {
  if (bytes.length < 4) return null;
  const used = 4 + lengthIn(bytes);
  return bytes.length < used ? null : { payload: unframed(bytes.subarray(4, used)), used };
};

/** Encrypts packets of one direction. */
export function sealWith({ cipher, mac, key, iv, macKey }: Keys): Seal {
  const { algorithm } = cipher;
  if (algorithm === 'aes-256-gcm' || algorithm === 'aes-128-gcm') {
    const nonce = Buffer.from(iv);
    return (payload) => {
      const plain = framed(payload, 16, 0);
      const sealing = createCipheriv(algorithm, key, nonce);
      sealing.setAAD(plain.subarray(0, 4));
      const body = sealing.update(plain.subarray(4));
      sealing.final();
      count(nonce);
      return Buffer.concat([plain.subarray(0, 4), body, sealing.getAuthTag()]);
    };
  }
  const sealing = createCipheriv(algorithm, key, iv);
  return (payload, number) => {
    const plain = framed(payload, 16, mac.outside ? 0 : 4);
    if (!mac.outside) return Buffer.concat([sealing.update(plain), check(mac, macKey, number, plain)]);
    const sealed = Buffer.concat([plain.subarray(0, 4), sealing.update(plain.subarray(4))]);
    return Buffer.concat([sealed, check(mac, macKey, number, sealed)]);
  };
}

/** Decrypts packets of one direction; one that was changed on the way is a fault. */
export function openWith(keys: Keys): Open {
  const { algorithm } = keys.cipher;
  if (algorithm === 'aes-256-gcm' || algorithm === 'aes-128-gcm') return openAuthenticated(algorithm, keys);
  return keys.mac.outside ? openChecked(keys) : openThenCheck(keys);
}

function openAuthenticated(algorithm: 'aes-256-gcm' | 'aes-128-gcm', { key, iv }: Keys): Open {
  const nonce = Buffer.from(iv);
  return (bytes) => {
    if (bytes.length < 4) return null;
    const end = 4 + lengthIn(bytes);
    if (bytes.length < end + 16) return null;
    const opening = createDecipheriv(algorithm, key, nonce);
    opening.setAAD(bytes.subarray(0, 4));
    opening.setAuthTag(bytes.subarray(end, end + 16));
    const body = opening.update(bytes.subarray(4, end));
    try {
      opening.final();
    } catch {
      throw tampered();
    }
    count(nonce);
    return { payload: unframed(body), used: end + 16 };
  };
}

function openChecked({ cipher, mac, key, iv, macKey }: Keys): Open {
  const opening = createDecipheriv(cipher.algorithm, key, iv);
  return (bytes, number) => {
    if (bytes.length < 4) return null;
    const end = 4 + lengthIn(bytes);
    const used = end + mac.key;
    if (bytes.length < used) return null;
    const expected = check(mac, macKey, number, bytes.subarray(0, end));
    if (!timingSafeEqual(expected, bytes.subarray(end, used))) throw tampered();
    return { payload: unframed(opening.update(bytes.subarray(4, end))), used };
  };
}

function openThenCheck({ cipher, mac, key, iv, macKey }: Keys): Open {
  const opening = createDecipheriv(cipher.algorithm, key, iv);
  let first: Buffer | null = null;
  return (bytes, number) => {
    if (bytes.length < 16) return null;
    first ??= opening.update(bytes.subarray(0, 16));
    const end = 4 + lengthIn(first);
    const used = end + mac.key;
    if (bytes.length < used) return null;
    const plain = Buffer.concat([first, opening.update(bytes.subarray(16, end))]);
    first = null;
    if (!timingSafeEqual(check(mac, macKey, number, plain), bytes.subarray(end, used))) throw tampered();
    return { payload: unframed(plain.subarray(4)), used };
  };
}

/** Length, padding and payload; with `aligned` of 4 the length counts for the alignment. */
function framed(payload: Buffer, block: number, aligned: number): Buffer {
  const bare = aligned + 1 + payload.length;
  let padding = block - (bare % block);
  if (padding < 4) padding += block;
  const head = Buffer.allocUnsafe(5);
  head.writeUInt32BE(1 + payload.length + padding);
  head[4] = padding;
  return Buffer.concat([head, payload, randomBytes(padding)]);
}

function unframed(body: Buffer): Buffer {
  const padding = body[0] ?? 0;
  if (padding + 2 > body.length) throw malformed('a packet is empty');
  return body.subarray(1, body.length - padding);
}

function lengthIn(bytes: Buffer): number {
  const length = bytes.readUInt32BE();
  if (length < 5 || length > largestPacket) throw malformed('a packet has an impossible length');
  return length;
}

function check({ hash }: Mac, key: Buffer, number: number, bytes: Buffer): Buffer {
  const counted = Buffer.allocUnsafe(4);
  counted.writeUInt32BE(number);
  return createHmac(hash, key).update(counted).update(bytes).digest();
}

function count(nonce: Buffer): void {
  nonce.writeBigUInt64BE(BigInt.asUintN(64, nonce.readBigUInt64BE(4) + 1n), 4);
}

function tampered() {
  return malformed('a packet was changed on the way');
}

const largestPacket = 256 * 1024;
