/** The cipher under bcrypt, whose tables begin as the digits of pi. */
export class Blowfish {
  readonly #p: Uint32Array;
  readonly #s: Uint32Array;
  #left = 0;
  #right = 0;

  /** Begins with the digits of pi. */
  constructor(digits: Uint32Array) {
    this.#p = digits.slice(0, subkeys);
    this.#s = digits.slice(subkeys, tables);
  }

  /** Mixes a key into the tables, and a salt where there is one; both as words of 32 bits. */
  expand(key: Uint32Array, salt?: Uint32Array): void {
    const [p, s] = [this.#p, this.#s];
    for (let index = 0; index < subkeys; index++) p[index] = word(p, index) ^ word(key, index % key.length);
    this.#left = 0;
    this.#right = 0;
    let at = 0;
    for (const table of [p, s]) {
      for (let index = 0; index < table.length; index += 2) {
        if (salt) {
          this.#left ^= word(salt, at % salt.length);
          this.#right ^= word(salt, (at + 1) % salt.length);
          at += 2;
        }
        this.#encryptPair();
        table[index] = this.#left;
        table[index + 1] = this.#right;
      }
    }
  }

  /** Encrypts words in place, two at a time. */
  encrypt(words: Uint32Array): void {
    for (let index = 0; index < words.length; index += 2) {
      this.#left = word(words, index);
      this.#right = word(words, index + 1);
      this.#encryptPair();
      words[index] = this.#left;
      words[index + 1] = this.#right;
    }
  }

  #encryptPair(): void {
    const [p, s] = [this.#p, this.#s];
    let left = this.#left;
    let right = this.#right;
    for (let round = 0; round < 16; round++) {
      left ^= word(p, round);
      const sum = (word(s, left >>> 24) + word(s, 256 + ((left >>> 16) & 255))) | 0;
      right ^= ((sum ^ word(s, 512 + ((left >>> 8) & 255))) + word(s, 768 + (left & 255))) | 0;
      [left, right] = [right, left];
    }
    this.#left = right ^ word(p, 17);
    this.#right = left ^ word(p, 16);
  }
}

const subkeys = 18;
/** Words of all tables together. */
export const tables = subkeys + 4 * 256;

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

/** So many words of 32 bits of what follows the point in pi, by Machin's formula. */
export function digitsOfPi(count: number): Uint32Array {
  const guard = 64n;
  const bits = BigInt(count) * 32n;
  const one = 1n << (bits + guard);
  const arctan = (divisor: bigint): bigint => {
    let power = one / divisor;
    let sum = power;
    for (let index = 3n, sign = -1n; power > 0n; index += 2n, sign = -sign) {
      power /= divisor * divisor;
      sum += (sign * power) / index;
    }
    return sum;
  };
  const pi = 4n * (4n * arctan(5n) - arctan(239n));
  const fraction = ((pi - 3n * one) >> guard).toString(16).padStart(count * 8, '0');
  return Uint32Array.from({ length: count }, (_, index) =>
    Number.parseInt(fraction.slice(index * 8, index * 8 + 8), 16),
  );
}
