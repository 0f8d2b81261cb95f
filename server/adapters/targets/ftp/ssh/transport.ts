import net from 'node:net';
import { failures } from '../../../../protocol/failure.ts';
import { foreignText, RemoteFault } from '../../remote/remoteFault.ts';
import { type Open, openPlainly, openWith, type Seal, sealPlainly, sealWith } from './cipher.ts';
import { type Agreement, agree, beginExchange, hashOf, keysOf, ownOffer } from './exchange.ts';
import { malformed, message, Packer, Unpacker } from './packet.ts';
import { isSigned } from './publicKey.ts';

const ownVersion = 'SSH-2.0-VirtualButler';
/** Bytes after which the keys are exchanged anew (RFC 4253 §9). */
const mostPerKeys = 1024 ** 3;

/**
 * An encrypted line to a server whose key was proven and found right (RFC 4253). Messages go out in the order in
 * which they are given; while keys are exchanged anew, they wait.
 */
export class SshTransport {
  /** What the keys of this line are bound to; a login signs it. */
  session: Buffer = Buffer.alloc(0);
  /** Ways to sign of which the server said that it takes them. */
  signings: readonly string[] = [];
  /** Gets every message that is not of the line itself. */
  onMessage: (payload: Buffer) => void = () => {};
  /** Called once, when the line is at its end. */
  onEnd: (fault: RemoteFault) => void = () => {};
  /** When something came last, in ms. */
  heard = performance.now();

  readonly #socket: net.Socket;
  readonly #trust: (hostKey: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #version: string | null = null;
  #open: Open = openPlainly;
  #seal: Seal = sealPlainly;
  #received = 0;
  #sent = 0;
  #bytesOut = 0;
  #strict = false;
  /** Whether the first exchange of keys is done. */
  #settled = false;
  #ended: RemoteFault | null = null;
  #hostKey: Buffer | null = null;
  #own: Buffer | null = null;
  #turn: { agreement: Agreement; half: ReturnType<typeof beginExchange>; offer: Buffer } | null = null;
  #skipping = false;
  #next: { open: Open } | null = null;
  readonly #held: Buffer[] = [];
  #ready: () => void = () => {};

  private constructor(socket: net.Socket, trust: (hostKey: Buffer) => void) {
    this.#socket = socket;
    this.#trust = trust;
    socket.on('data', (piece: Buffer) => this.#take(piece));
    socket.on('error', (error) => this.end(lost(error.message, error)));
    socket.on('close', () => this.end(lost('it ended the connection')));
  }

  /** Connects and exchanges keys; `trust` throws where the key of the server is not the right one. */
  static async connect(
    to: { readonly host: string; readonly port: number; readonly patience: number },
    trust: (hostKey: Buffer) => void,
    signal: AbortSignal,
  ): Promise<SshTransport> {
    const socket = net.connect({ host: to.host, port: to.port, noDelay: true });
    const line = new SshTransport(socket, trust);
    const stop = () => line.end(lost('it was called off'));
    const timer = setTimeout(() => line.end(lost('it did not answer in time')), to.patience);
    signal.addEventListener('abort', stop);
    try {
      await new Promise<void>((resolve, reject) => {
        line.onEnd = reject;
        line.#ready = resolve;
        if (signal.aborted) stop();
        socket.write(`${ownVersion}\r\n`);
        line.#offer();
      });
      return line;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Sends a message; the promise is kept when the network takes more. */
  async send(payload: Buffer): Promise<void> {
    if (this.#ended) throw this.#ended;
    if (this.#own) this.#held.push(payload);
    else this.#write(payload);
    if (this.#bytesOut > mostPerKeys && !this.#own) this.#offer();
    if (!this.#socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
  }

  /** Ends the line. */
  end(fault: RemoteFault): void {
    if (this.#ended) return;
    this.#ended = fault;
    this.#socket.destroy();
    this.onEnd(fault);
  }

  #write(payload: Buffer): void {
    const packet = this.#seal(payload, this.#sent);
    this.#sent = (this.#sent + 1) >>> 0;
    this.#bytesOut += packet.length;
    this.#socket.write(packet);
  }

  #take(piece: Buffer): void {
    this.heard = performance.now();
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    try {
      if (this.#version === null && !this.#readVersion()) return;
      while (!this.#ended) {
        const packet = this.#open(this.#rest, this.#received);
        if (!packet) return;
        this.#rest = this.#rest.subarray(packet.used);
        this.#received = (this.#received + 1) >>> 0;
        this.#handle(packet.payload);
      }
    } catch (error) {
      this.end(error instanceof RemoteFault ? error : malformed('a message has another form'));
    }
  }

  /** The server may say some lines before the one with its version (RFC 4253 §4.2). */
  #readVersion(): boolean {
    for (;;) {
      const end = this.#rest.indexOf(10);
      if (end < 0) {
        if (this.#rest.length > 8192) throw malformed('it says no version');
        return false;
      }
      const line = this.#rest.subarray(0, end).toString('latin1').replace(/\r$/, '');
      this.#rest = this.#rest.subarray(end + 1);
      if (!line.startsWith('SSH-')) continue;
      if (!/^SSH-(2\.0|1\.99)-/.test(line) || line.length > 255) throw malformed('it speaks another SSH');
      this.#version = line;
      return true;
    }
  }

  #handle(payload: Buffer): void {
    const type = payload[0] ?? 0;
    if (type === message.disconnect) {
      const fields = new Unpacker(payload.subarray(1));
      fields.uint32();
      throw lost(`it said: ${foreignText(fields.text())}`);
    }
    if (type >= message.kexInit && type < message.authRequest) this.#exchange(type, payload);
    else if (!this.#settled && (this.#strict || type > message.debug)) {
      throw malformed('it sent what does not belong there');
    } else if (type === message.extInfo) this.#readExtensions(payload);
    else if (type > message.debug) this.onMessage(payload);
  }

  #offer(): void {
    this.#own = ownOffer(this.session.length === 0);
    this.#write(this.#own);
  }

  #exchange(type: number, payload: Buffer): void {
    if (type === message.kexInit && !this.#turn && !this.#next) {
      if (!this.#own) this.#offer();
      const offer = Buffer.from(payload);
      const agreement = agree(offer);
      if (this.session.length === 0) {
        this.#strict = agreement.strict;
        if (agreement.strict && this.#received !== 1)
          throw malformed('something was slipped in before its offer');
      }
      const half = beginExchange(agreement);
      this.#skipping = agreement.skips;
      this.#turn = { agreement, half, offer };
      this.#write(new Packer(message.kexBegin).raw(half.field).bytes());
    } else if (this.#skipping && type !== message.newKeys) this.#skipping = false;
    else if (type === message.kexReply && this.#turn) this.#finish(payload);
    else if (type === message.newKeys && this.#next) this.#switch();
    else throw malformed('it sent a step of the exchange at the wrong time');
  }

  /** Checks the server's answer and its key, and goes over to the new keys on the way out. */
  #finish(payload: Buffer): void {
    const turn = this.#turn;
    const own = this.#own;
    if (!turn || !own || this.#version === null) return;
    const { agreement, half, offer } = turn;
    const fields = new Unpacker(payload.subarray(1));
    const hostKey = Buffer.from(fields.string());
    const { shared, field } = half.secret(fields);
    const said = { ownVersion, version: this.#version, ownOffer: own, offer, hostKey, own: half.field };
    const exchanged = hashOf(half.hash, { ...said, theirs: field, shared });
    if (!isSigned(agreement.hostKey, hostKey, fields.string(), exchanged)) {
      throw malformed('it does not hold the key that it shows');
    }
    if (this.#hostKey && !this.#hostKey.equals(hostKey)) throw malformed('it changed its key under way');
    if (!this.#hostKey) this.#trust(hostKey);
    this.#hostKey = hostKey;
    if (this.session.length === 0) this.session = exchanged;
    const keys = keysOf(agreement, { algorithm: half.hash, shared, exchanged, session: this.session });
    this.#write(Buffer.of(message.newKeys));
    this.#seal = sealWith(keys.outgoing);
    if (this.#strict) this.#sent = 0;
    this.#bytesOut = 0;
    this.#turn = null;
    this.#next = { open: openWith(keys.incoming) };
  }

  /** From here on the server uses the new keys; what waited goes out. */
  #switch(): void {
    if (!this.#next) return;
    this.#open = this.#next.open;
    if (this.#strict) this.#received = 0;
    this.#next = null;
    this.#own = null;
    this.#settled = true;
    for (const payload of this.#held.splice(0)) this.#write(payload);
    this.#ready();
  }

  #readExtensions(payload: Buffer): void {
    const fields = new Unpacker(payload.subarray(1));
    for (let count = fields.uint32(); count > 0; count--) {
      const name = fields.text();
      const value = fields.text();
      if (name === 'server-sig-algs') this.signings = value.split(',');
    }
  }
}

/** The fault of a line that broke. */
export function lost(why: string, cause?: unknown): RemoteFault {
  const what = `The SSH server could not be reached: ${foreignText(why)}.`;
  return new RemoteFault(failures.offline(what), { passing: true, cause });
}
