import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { malformed, Packer, Unpacker } from './packet.ts';

/** A way to sign, by its name in SSH: the kind of its key, and the hash where it has one. */
interface Signing {
  readonly kind: string;
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
}

/** The ways to sign that are accepted of a server and used for a person's key, the preferred first. */
export const signings: Readonly<Record<string, Signing>> = {
  'ssh-ed25519': { kind: 'ssh-ed25519', hash: null },
  'ecdsa-sha2-nistp256': { kind: 'ecdsa-sha2-nistp256', hash: 'sha256' },
  'ecdsa-sha2-nistp384': { kind: 'ecdsa-sha2-nistp384', hash: 'sha384' },
  'ecdsa-sha2-nistp521': { kind: 'ecdsa-sha2-nistp521', hash: 'sha512' },
  'rsa-sha2-512': { kind: 'ssh-rsa', hash: 'sha512' },
  'rsa-sha2-256': { kind: 'ssh-rsa', hash: 'sha256' },
};

/** The curves of ECDSA by their names in SSH and in JWK, with the bytes of a coordinate. */
export const curves = {
  nistp256: { crv: 'P-256', size: 32 },
  nistp384: { crv: 'P-384', size: 48 },
  nistp521: { crv: 'P-521', size: 66 },
} as const;

/** How a public key is known to people: `SHA256:` and 43 characters. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${hash('sha256', blob, 'base64').replace(/=+$/, '')}`;
}

/** Whether a server's signature over some bytes is that of its key, by the way that was agreed. */
export function isSigned(algorithm: string, blob: Buffer, signature: Buffer, bytes: Buffer): boolean {
  const signing = signings[algorithm];
  const fields = new Unpacker(signature);
  if (!signing || fields.text() !== algorithm) return false;
  const value = fields.string();
  const key = publicKeyOf(blob, signing.kind);
  if (!signing.kind.startsWith('ecdsa')) return verify(signing.hash, bytes, key, value);
  const numbers = new Unpacker(value);
  const { size } = curveOf(signing.kind);
  const both = Buffer.concat([padded(numbers.mpint(), size), padded(numbers.mpint(), size)]);
  return verify(signing.hash, bytes, { key, dsaEncoding: 'ieee-p1363' }, both);
}

/** The public part of a key in the form of SSH (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4). */
export function blobOf(key: KeyObject): { readonly kind: string; readonly blob: Buffer } {
  const jwk = key.export({ format: 'jwk' });
  const of = (text: string | undefined) => Buffer.from(text ?? '', 'base64url');
  if (jwk.kty === 'OKP') {
    const kind = 'ssh-ed25519';
    return { kind, blob: new Packer().string(kind).string(of(jwk.x)).bytes() };
  }
  if (jwk.kty === 'RSA') {
    return {
      kind: 'ssh-rsa',
      blob: new Packer().string('ssh-rsa').mpint(of(jwk.e)).mpint(of(jwk.n)).bytes(),
    };
  }
  const [name = ''] = Object.entries(curves).find(([, { crv }]) => crv === jwk.crv) ?? [];
  const point = Buffer.concat([Buffer.of(4), of(jwk.x), of(jwk.y)]);
  const kind = `ecdsa-sha2-${name}`;
  return { kind, blob: new Packer().string(kind).string(name).string(point).bytes() };
}

/** The curve of a kind of ECDSA key. */
export function curveOf(kind: string): (typeof curves)[keyof typeof curves] {
  const name = kind.replace('ecdsa-sha2-', '');
  if (name === 'nistp256' || name === 'nistp384' || name === 'nistp521') return curves[name];
  throw malformed('a key lies on an unknown curve');
}

/** Zeros before a number, up to a size. */
export function padded(bytes: Buffer, size: number): Buffer {
  if (bytes.length > size) throw malformed('a number is too large');
  return Buffer.concat([Buffer.alloc(size - bytes.length), bytes]);
}

function publicKeyOf(blob: Buffer, kind: string): KeyObject {
  const fields = new Unpacker(blob);
  if (fields.text() !== kind) throw malformed('its key is of another kind than it said');
  const url = (bytes: Buffer) => bytes.toString('base64url');
  const from = (key: Record<string, string>) => {
    try {
      return createPublicKey({ key, format: 'jwk' });
    } catch {
      throw malformed('its key is none');
    }
  };
  if (kind === 'ssh-ed25519') return from({ kty: 'OKP', crv: 'Ed25519', x: url(fields.string()) });
  if (kind === 'ssh-rsa') {
    const e = fields.mpint();
    const n = fields.mpint();
    if (n.length < 256 || n.length > 2048)
      throw malformed('its RSA key is weaker than 2048 bits, or far too long');
    return from({ kty: 'RSA', e: url(e), n: url(n) });
  }
  fields.string();
  const { crv, size } = curveOf(kind);
  const point = fields.string();
  if (point.length !== 1 + 2 * size || point[0] !== 4) throw malformed('its key is no point');
  const [x, y] = [url(point.subarray(1, 1 + size)), url(point.subarray(1 + size))];
  return from({ kty: 'EC', crv, x, y });
}
