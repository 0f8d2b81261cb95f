import { failures } from '../../../protocol/failure.ts';
import { TargetFault } from '../targetFault.ts';

/** Builds what SFTP sends, field by field (RFC 4251 §5). */
export class Packer {
  readonly #parts: Buffer[] = [];

  constructor(type?: number) {
    if (type !== undefined) this.byte(type);
  }

  byte(value: number): this {
    return this.raw(Buffer.of(value));
  }

  uint32(value: number): this {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeUInt32BE(value >>> 0);
    return this.raw(bytes);
  }

  uint64(value: number): this {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return this.raw(bytes);
  }

  string(value: string | Uint8Array): this {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
    return this.uint32(bytes.length).raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Reads what came by SFTP, field by field; what is shorter than it says is a fault. */
export class Unpacker {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint32(): number {
    return this.raw(4).readUInt32BE();
  }

  /** A number of 64 bits; what is too large to count is a fault. */
  uint64(): number {
    const value = this.raw(8).readBigUInt64BE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('a number is too large');
    return Number(value);
  }

  string(): Buffer {
    return this.raw(this.uint32());
  }

  text(): string {
    return this.string().toString('utf8');
  }

  raw(length: number): Buffer {
    if (length > this.left) throw malformed('a message is too short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }
}

/** The fault of a server that does not speak SFTP rightly. */
export function malformed(what: string): TargetFault {
  return new TargetFault(failures.malformed('The SFTP server', `${what}.`));
}
