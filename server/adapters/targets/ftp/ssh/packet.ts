import { failures } from '../../../../protocol/failure.ts';
import { RemoteFault } from '../../remote/remoteFault.ts';

/** Numbers of the messages of SSH that are used here (RFC 4250 §4.1). */
export const message = {
  disconnect: 1,
  ignore: 2,
  unimplemented: 3,
  debug: 4,
  serviceRequest: 5,
  serviceAccept: 6,
  extInfo: 7,
  kexInit: 20,
  newKeys: 21,
  kexBegin: 30,
  kexReply: 31,
  authRequest: 50,
  authFailure: 51,
  authSuccess: 52,
  authBanner: 53,
  authInfoRequest: 60,
  authInfoResponse: 61,
  globalRequest: 80,
  requestFailure: 82,
  channelOpen: 90,
  channelOpened: 91,
  channelRefused: 92,
  windowAdjust: 93,
  channelData: 94,
  channelExtended: 95,
  channelEof: 96,
  channelClose: 97,
  channelRequest: 98,
  channelSuccess: 99,
  channelFailure: 100,
} as const;

/** Builds what SSH sends, field by field (RFC 4251 §5). */
export class Packer {
  readonly #parts: Buffer[] = [];

  constructor(type?: number) {
    if (type !== undefined) this.byte(type);
  }

  byte(value: number): this {
    return this.raw(Buffer.of(value));
  }

  boolean(value: boolean): this {
    return this.byte(value ? 1 : 0);
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
    const bytes = Buffer.from(value as Uint8Array);
    return this.uint32(bytes.length).raw(bytes);
  }

  names(values: readonly string[]): this {
    return this.string(values.join(','));
  }

  /** A number that is not negative, given by its bytes with the highest first. */
  mpint(value: Uint8Array): this {
    let start = 0;
    while (start < value.length && value[start] === 0) start++;
    const bytes = Buffer.from(value.subarray(start));
    return this.string((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Reads what SSH received, field by field; what is shorter than it says is a fault. */
export class Unpacker {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.raw(1)[0] ?? 0;
  }

  boolean(): boolean {
    return this.byte() !== 0;
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

  names(): string[] {
    const text = this.text();
    return text === '' ? [] : text.split(',');
  }

  /** The bytes of a number that is not negative, without zeros before it. */
  mpint(): Buffer {
    const bytes = this.string();
    if ((bytes[0] ?? 0) >= 0x80) throw malformed('a number is negative');
    let start = 0;
    while (start < bytes.length && bytes[start] === 0) start++;
    return bytes.subarray(start);
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

/** The fault of a server that does not speak SSH rightly. */
export function malformed(what: string): RemoteFault {
  return new RemoteFault(failures.malformed('The SSH server', `${what}.`));
}
