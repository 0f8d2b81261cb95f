import { createDecipheriv, createPrivateKey, type KeyObject } from 'node:crypto';
import { bcryptPbkdf } from './bcryptPbkdf.ts';
import { malformed, Unpacker } from './packet.ts';
import { curveOf } from './publicKey.ts';

/** Reads a key file of OpenSSH's own form (PROTOCOL.key of OpenSSH). */
export function openOpensshKey(text: string, passphrase: string): KeyObject {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/.exec(
    text,
  );
  const bytes = Buffer.from(body?.[1] ?? '', 'base64');
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic)
    throw malformed('the key has another form');
  const fields = new Unpacker(bytes.subarray(magic.length));
  const cipher = fields.text();
  const derivation = fields.text();
  const options = fields.string();
  if (fields.uint32() !== 1) throw malformed('the file holds several keys');
  fields.string();
  const sealed = fields.string();
  const plain = cipher === 'none' ? sealed : unsealed({ cipher, derivation, options, sealed, passphrase });
  const inner = new Unpacker(plain);
  const once = inner.uint32();
  if (once !== inner.uint32()) throw malformed('the passphrase is another');
  return keyIn(inner);
}

const magic = 'openssh-key-v1\0';
/** More rounds than anybody waits for would only keep the worker busy. */
const mostRounds = 1000;

interface Sealed {
  readonly cipher: string;
  readonly derivation: string;
  readonly options: Buffer;
  readonly sealed: Buffer;
  readonly passphrase: string;
}

function unsealed({ cipher, derivation, options, sealed, passphrase }: Sealed): Buffer {
  if (derivation !== 'bcrypt' || !/^aes(128|192|256)-(ctr|cbc)$/.test(cipher)) {
    throw malformed('the key is encrypted in a way that is not known here');
  }
  const fields = new Unpacker(options);
  const salt = fields.string();
  const rounds = fields.uint32();
  if (rounds > mostRounds) throw malformed('the key wants too many rounds');
  const size = Number(cipher.slice(3, 6)) / 8;
  const derived = bcryptPbkdf(Buffer.from(passphrase, 'utf8'), salt, size + 16, rounds);
  const name = cipher.replace('aes', 'aes-');
  const opening = createDecipheriv(name, derived.subarray(0, size), derived.subarray(size));
  opening.setAutoPadding(false);
  return Buffer.concat([opening.update(sealed), opening.final()]);
}

function keyIn(fields: Unpacker): KeyObject {
  const kind = fields.text();
  const url = (bytes: Buffer) => bytes.toString('base64url');
  const from = (key: Record<string, string>) => createPrivateKey({ key, format: 'jwk' });
  if (kind === 'ssh-ed25519') {
    const x = fields.string();
    return from({ kty: 'OKP', crv: 'Ed25519', x: url(x), d: url(fields.string().subarray(0, 32)) });
  }
  if (kind === 'ssh-rsa') {
    const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => fields.mpint()) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    const [dp, dq] = [rest(d, p), rest(d, q)];
    return from({ kty: 'RSA', n: url(n), e: url(e), d: url(d), p: url(p), q: url(q), dp, dq, qi: url(qi) });
  }
  const { crv, size } = curveOf(kind);
  fields.string();
  const point = fields.string();
  const d = fields.mpint();
  const whole = Buffer.concat([Buffer.alloc(Math.max(0, size - d.length)), d]);
  const [x, y] = [url(point.subarray(1, 1 + size)), url(point.subarray(1 + size))];
  return from({ kty: 'EC', crv, x, y, d: url(whole) });
}

/** The private exponent for one of the two primes. */
function rest(exponent: Buffer, prime: Buffer): string {
  const number = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
  const hex = (number(exponent) % (number(prime) - 1n)).toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
