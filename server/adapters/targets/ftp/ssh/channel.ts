import { failures } from '../../../../protocol/failure.ts';
import { foreignText, RemoteFault } from '../../remote/remoteFault.ts';
import { malformed, message, Packer, Unpacker } from './packet.ts';
import { lost, type SshTransport } from './transport.ts';

/** Bytes that the server may send before it is told that there is room again. */
const window = 2 * 1024 * 1024;

/** A stream to a subsystem of the server over a line that is logged in (RFC 4254); a line carries one. */
export class SshChannel {
  /** Gets what the server sends. */
  onData: (bytes: Buffer) => void = () => {};
  /** Called once, when the stream is at its end. */
  onEnd: (fault: RemoteFault) => void = () => {};

  readonly #line: SshTransport;
  #theirs = 0;
  #room = 0;
  #largest = 0;
  #taken = 0;
  #ended: RemoteFault | null = null;
  #opened: (outcome: RemoteFault | null) => void = () => {};
  #wake: () => void = () => {};
  #turn: Promise<void> = Promise.resolve();

  private constructor(line: SshTransport) {
    this.#line = line;
    line.onMessage = (payload) => this.#handle(payload);
    line.onEnd = (fault) => this.#end(fault);
  }

  /** Opens a session and starts a subsystem of the server in it. */
  static async open(line: SshTransport, subsystem: string): Promise<SshChannel> {
    const channel = new SshChannel(line);
    const asking = new Packer(message.channelOpen)
      .string('session')
      .uint32(0)
      .uint32(window)
      .uint32(largestPacket);
    await channel.#ask(asking.bytes());
    const start = new Packer(message.channelRequest)
      .uint32(channel.#theirs)
      .string('subsystem')
      .boolean(true);
    await channel.#ask(start.string(subsystem).bytes());
    return channel;
  }

  /** Sends bytes in the order in which they are given, as fast as the server takes them. */
  write(bytes: Buffer): Promise<void> {
    const sent = this.#turn.then(() => this.#send(bytes));
    this.#turn = sent.catch(() => {});
    return sent;
  }

  async #send(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      while (this.#room === 0 && !this.#ended) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      if (this.#ended) throw this.#ended;
      const length = Math.min(bytes.length - at, this.#room, this.#largest);
      this.#room -= length;
      const data = new Packer(message.channelData)
        .uint32(this.#theirs)
        .string(bytes.subarray(at, at + length));
      at += length;
      await this.#line.send(data.bytes());
    }
  }

  async #ask(payload: Buffer): Promise<void> {
    const outcome = new Promise<RemoteFault | null>((resolve) => {
      this.#opened = resolve;
      if (this.#ended) resolve(this.#ended);
    });
    await this.#line.send(payload);
    const fault = await outcome;
    if (fault) throw fault;
  }

  #handle(payload: Buffer): void {
    const type = payload[0] ?? 0;
    const fields = new Unpacker(payload.subarray(1));
    if (type === message.globalRequest) {
      fields.string();
      if (fields.boolean()) this.#reply(Buffer.of(message.requestFailure));
      return;
    }
    if (type < message.channelOpened || type > message.channelFailure) return;
    if (fields.uint32() !== 0) throw malformed('it speaks of a channel that is none');
    if (type === message.channelOpened) this.#begin(fields);
    else if (type === message.channelRefused) {
      fields.uint32();
      this.#opened(refused(`it opens no session (${foreignText(fields.text())})`));
    } else if (type === message.channelSuccess) this.#opened(null);
    else if (type === message.channelFailure) this.#opened(refused('it has no SFTP'));
    else if (type === message.windowAdjust) this.#widen(fields.uint32());
    else if (type === message.channelData) this.#arrived(fields.string());
    else if (type === message.channelExtended) {
      fields.uint32();
      this.#count(fields.string().length);
    } else if (type === message.channelRequest) {
      fields.string();
      if (fields.boolean()) this.#reply(new Packer(message.channelFailure).uint32(this.#theirs).bytes());
    } else if (type === message.channelClose || type === message.channelEof) {
      this.#line.end(lost('it ended the session'));
    }
  }

  #begin(fields: Unpacker): void {
    this.#theirs = fields.uint32();
    this.#room = fields.uint32();
    this.#largest = Math.min(fields.uint32(), largestPacket);
    if (this.#largest < 1024) throw malformed('it takes no packets of a sensible size');
    this.#opened(null);
  }

  #widen(by: number): void {
    this.#room = Math.min(this.#room + by, 2 ** 32 - 1);
    this.#wake();
  }

  #arrived(bytes: Buffer): void {
    this.#count(bytes.length);
    this.onData(bytes);
  }

  /** Makes room again when half of it is used up. */
  #count(length: number): void {
    this.#taken += length;
    if (this.#taken > window) throw malformed('it sent more than there was room for');
    if (this.#taken < window / 2) return;
    this.#reply(new Packer(message.windowAdjust).uint32(this.#theirs).uint32(this.#taken).bytes());
    this.#taken = 0;
  }

  #reply(payload: Buffer): void {
    this.#line.send(payload).catch(() => {});
  }

  #end(fault: RemoteFault): void {
    this.#ended = fault;
    this.#wake();
    this.#opened(fault);
    this.onEnd(fault);
  }
}

const largestPacket = 32 * 1024;

function refused(why: string): RemoteFault {
  const mend = 'Ask whoever runs the server to allow SFTP for this user.';
  return new RemoteFault(failures.denied(`The SSH server refused: ${why}.`, mend));
}
