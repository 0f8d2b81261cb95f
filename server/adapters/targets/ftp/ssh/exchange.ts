import {
  createECDH,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  getDiffieHellman,
  hash,
  randomBytes,
} from 'node:crypto';
import { failures } from '../../../../protocol/failure.ts';
import { foreignText, RemoteFault } from '../../remote/remoteFault.ts';
import { ciphers, type Keys, macs } from './cipher.ts';
import { malformed, message, Packer, Unpacker } from './packet.ts';
import { signings } from './publicKey.ts';

/** What both sides agreed on for one exchange of keys. */
export interface Agreement {
  readonly exchange: string;
  readonly hostKey: string;
  readonly cipherOut: string;
  readonly cipherIn: string;
  readonly macOut: string;
  readonly macIn: string;
  /** Whether the server keeps to strict exchanges, in which nothing can be slipped in (against Terrapin). */
  readonly strict: boolean;
  /** Whether the next message of the server is a guess that was wrong. */
  readonly skips: boolean;
}

/** One side's half of an exchange: what it sends, and the secret it comes to with the other half. */
interface Half {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  /** The public half as a field of the message and of the hash. */
  readonly field: Buffer;
  secret(other: Unpacker): { readonly shared: Buffer; readonly field: Buffer };
}

const exchanges: Readonly<Record<string, () => Half>> = {
  'curve25519-sha256': montgomery,
  'curve25519-sha256@libssh.org': montgomery,
  'ecdh-sha2-nistp256': () => elliptic('prime256v1', 'sha256'),
  'ecdh-sha2-nistp384': () => elliptic('secp384r1', 'sha384'),
  'ecdh-sha2-nistp521': () => elliptic('secp521r1', 'sha512'),
  'diffie-hellman-group16-sha512': () => modular('modp16', 'sha512'),
  'diffie-hellman-group14-sha256': () => modular('modp14', 'sha256'),
};

/** What we say that we can; the first time also that exchanges may be strict. */
export function ownOffer(first: boolean): Buffer {
  const extra = first ? ['ext-info-c', 'kex-strict-c-v00@openssh.com'] : [];
  const packer = new Packer(message.kexInit).raw(randomBytes(16));
  packer.names([...Object.keys(exchanges), ...extra]).names(Object.keys(signings));
  for (const list of [ciphers, ciphers, macs, macs]) packer.names(Object.keys(list));
  for (const names of [['none'], ['none'], [], []]) packer.names(names);
  return packer.boolean(false).uint32(0).bytes();
}

/** What both can, the preferred of ours first; nothing in common is a fault. */
export function agree(offer: Buffer): Agreement {
  const fields = new Unpacker(offer);
  fields.raw(17);
  const theirs = Array.from({ length: 8 }, () => fields.names());
  fields.names();
  fields.names();
  const follows = fields.boolean();
  const choose = (at: number, ours: object, what: string): string => {
    const found = Object.keys(ours).find((name) => theirs[at]?.includes(name));
    if (found) return found;
    const offered = foreignText((theirs[at] ?? []).join(', '));
    const said = `The SSH server offers no ${what} that is safe today, only: ${offered}.`;
    throw new RemoteFault(failures.denied(said, 'Ask whoever runs the server to bring it up to date.'));
  };
  const exchange = choose(0, exchanges, 'exchange of keys');
  const hostKey = choose(1, signings, 'kind of host key');
  const cipherOut = choose(2, ciphers, 'encryption');
  const cipherIn = choose(3, ciphers, 'encryption');
  const checked = (cipher: string, at: number) =>
    cipher.includes('gcm') ? 'hmac-sha2-256' : choose(at, macs, 'check');
  const compressed = [6, 7].some((at) => !theirs[at]?.includes('none'));
  if (compressed) throw malformed('it insists on compression');
  return {
    exchange,
    hostKey,
    cipherOut,
    cipherIn,
    macOut: checked(cipherOut, 4),
    macIn: checked(cipherIn, 5),
    strict: theirs[0]?.includes('kex-strict-s-v00@openssh.com') ?? false,
    skips: follows && (theirs[0]?.[0] !== exchange || theirs[1]?.[0] !== hostKey),
  };
}

/** Begins an exchange. */
export function beginExchange({ exchange }: Agreement): Half {
  const begin = exchanges[exchange];
  if (!begin) throw malformed('the exchange is unknown');
  return begin();
}

/** What both sides said until the keys were exchanged, in the order in which it is hashed (RFC 4253 §8). */
export interface Said {
  readonly ownVersion: string;
  readonly version: string;
  readonly ownOffer: Buffer;
  readonly offer: Buffer;
  readonly hostKey: Buffer;
  readonly own: Buffer;
  readonly theirs: Buffer;
  readonly shared: Buffer;
}

/** The hash of an exchange, which the server signs. */
export function hashOf(algorithm: Half['hash'], said: Said): Buffer {
  const all = new Packer().string(said.ownVersion).string(said.version).string(said.ownOffer);
  all.string(said.offer).string(said.hostKey).raw(said.own).raw(said.theirs).mpint(said.shared);
  return hash(algorithm, all.bytes(), 'buffer');
}

/** The keys of both directions (RFC 4253 §7.2). */
export function keysOf(
  agreement: Agreement,
  {
    algorithm,
    shared,
    exchanged,
    session,
  }: {
    readonly algorithm: Half['hash'];
    readonly shared: Buffer;
    readonly exchanged: Buffer;
    readonly session: Buffer;
  },
): { readonly outgoing: Keys; readonly incoming: Keys } {
  const secret = new Packer().mpint(shared).bytes();
  const derive = (letter: string, length: number): Buffer => {
    let key = hash(algorithm, Buffer.concat([secret, exchanged, Buffer.from(letter), session]), 'buffer');
    while (key.length < length) {
      key = Buffer.concat([key, hash(algorithm, Buffer.concat([secret, exchanged, key]), 'buffer')]);
    }
    return key.subarray(0, length);
  };
  const keys = (cipherName: string, macName: string, letters: readonly [string, string, string]): Keys => {
    const cipher = ciphers[cipherName];
    const mac = macs[macName];
    if (!cipher || !mac) throw malformed('the encryption is unknown');
    const [iv, key, macKey] = letters;
    return {
      cipher,
      mac,
      iv: derive(iv, cipher.iv),
      key: derive(key, cipher.key),
      macKey: derive(macKey, mac.key),
    };
  };
  return {
    outgoing: keys(agreement.cipherOut, agreement.macOut, ['A', 'C', 'E']),
    incoming: keys(agreement.cipherIn, agreement.macIn, ['B', 'D', 'F']),
  };
}

function montgomery(): Half {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const own = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return {
    hash: 'sha256',
    field: new Packer().string(own).bytes(),
    secret: (other) => {
      const theirs = other.string();
      if (theirs.length !== 32) throw malformed('its half of the exchange has another size');
      const key = { kty: 'OKP', crv: 'X25519', x: theirs.toString('base64url') };
      const shared = sane(() =>
        diffieHellman({ privateKey, publicKey: createPublicKey({ key, format: 'jwk' }) }),
      );
      return { shared, field: new Packer().string(theirs).bytes() };
    },
  };
}

function elliptic(curve: string, algorithm: Half['hash']): Half {
  const own = createECDH(curve);
  return {
    hash: algorithm,
    field: new Packer().string(own.generateKeys()).bytes(),
    secret: (other) => {
      const theirs = other.string();
      return { shared: sane(() => own.computeSecret(theirs)), field: new Packer().string(theirs).bytes() };
    },
  };
}

function modular(group: string, algorithm: Half['hash']): Half {
  const own = getDiffieHellman(group);
  return {
    hash: algorithm,
    field: new Packer().mpint(own.generateKeys()).bytes(),
    secret: (other) => {
      const theirs = other.mpint();
      return { shared: sane(() => own.computeSecret(theirs)), field: new Packer().mpint(theirs).bytes() };
    },
  };
}

/** A secret, unless the other half was made to spoil it. */
function sane(work: () => Buffer): Buffer {
  try {
    const secret = work();
    if (secret.some((byte) => byte !== 0)) return secret;
  } catch {}
  throw malformed('its half of the exchange is none');
}
