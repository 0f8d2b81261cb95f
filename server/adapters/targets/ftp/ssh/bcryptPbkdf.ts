import { hash } from 'node:crypto';
import { Blowfish, digitsOfPi, tables } from './blowfish.ts';

/** The key of a passphrase as OpenSSH derives it for its key files (bcrypt_pbkdf of OpenBSD). */
export function bcryptPbkdf(passphrase: Buffer, salt: Buffer, length: number, rounds: number): Buffer {
  const digits = digitsOfPi(tables);
  const secret = sha512(passphrase);
  const key = Buffer.alloc(length);
  const stride = Math.ceil(length / blockSize);
  const amount = Math.ceil(length / stride);
  for (let block = 0; block < stride; block++) {
    const counted = Buffer.alloc(4);
    counted.writeUInt32BE(block + 1);
    let part = bcrypt(digits, secret, sha512(Buffer.concat([salt, counted])));
    const out = Buffer.from(part);
    for (let round = 1; round < rounds; round++) {
      part = bcrypt(digits, secret, sha512(part));
      for (let index = 0; index < out.length; index++) out[index] = (out[index] ?? 0) ^ (part[index] ?? 0);
    }
    for (let index = 0; index < amount && index * stride + block < length; index++) {
      key[index * stride + block] = out[index] ?? 0;
    }
  }
  return key;
}

const blockSize = 32;

function bcrypt(digits: Uint32Array, secret: Buffer, salt: Buffer): Buffer {
  const cipher = new Blowfish(digits);
  const [secretWords, saltWords] = [wordsOf(secret), wordsOf(salt)];
  cipher.expand(secretWords, saltWords);
  for (let round = 0; round < 64; round++) {
    cipher.expand(saltWords);
    cipher.expand(secretWords);
  }
  const words = wordsOf(Buffer.from('OxychromaticBlowfishSwatDynamite'));
  for (let round = 0; round < 64; round++) cipher.encrypt(words);
  const out = Buffer.alloc(blockSize);
  for (const [index, word] of words.entries()) out.writeUInt32LE(word, index * 4);
  return out;
}

function wordsOf(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32BE(index * 4));
}

function sha512(bytes: Buffer): Buffer {
  return hash('sha512', bytes, 'buffer');
}
