import { failures } from '../../../protocol/failure.ts';
import { calledOff, foreignText, TargetFault } from '../targetFault.ts';
import { type FtpConfig, hostOf, portOf } from './config.ts';
import { openSsh, type SftpGround, type SshStream } from './openSsh.ts';
import { malformed, Packer, Unpacker } from './sftpPacket.ts';
import { lost, OtherHostKey } from './sshFaults.ts';

/** Numbers of the messages of SFTP, version 3 (draft-ietf-secsh-filexfer-02). */
export const ask = {
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setStat: 9,
  openFolder: 11,
  readFolder: 12,
  remove: 13,
  makeFolder: 14,
  removeFolder: 15,
  realPath: 16,
  rename: 18,
  extended: 200,
} as const;

/** Numbers of the answers. */
export const answer = { status: 101, handle: 102, data: 103, names: 104, attributes: 105 } as const;

/** What a status says. */
export const status = { ok: 0, end: 1, noSuchFile: 2, denied: 3 } as const;

/** What a server answered to one question: its type and its fields. */
export interface Answer {
  readonly type: number;
  readonly fields: Unpacker;
}

/** A status other than "ok" that a server answered. */
export class SftpStatus extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(foreignText(text));
    this.code = code;
  }
}

/** How long a server may say nothing while it is asked something, in ms. */
const longestSilence = 30_000;

/** A line to one server over which many questions go at once. */
export interface SftpLine {
  readonly extensions: ReadonlySet<string>;
  isOpen(): boolean;
  /** Asks; a status other than "ok" rejects with an `SftpStatus`, a broken line with a `TargetFault`. */
  ask(type: number, fields: (packer: Packer) => Packer): Promise<Answer>;
  close(): void;
}

/** Connects, logs in and starts SFTP. */
export async function openSftpLine(
  config: FtpConfig,
  credential: Readonly<Record<string, string>>,
  ground: SftpGround,
  signal: AbortSignal,
): Promise<SftpLine> {
  try {
    return await logIn(config, credential, ground, signal);
  } catch (error) {
    if (!(error instanceof OtherHostKey)) throw error;
    // What is remembered of the server was too old; asked anew, it says which key it has now.
    return logIn(config, credential, ground, signal);
  }
}

async function logIn(
  config: FtpConfig,
  credential: Readonly<Record<string, string>>,
  ground: SftpGround,
  signal: AbortSignal,
): Promise<SftpLine> {
  const { password = '', privateKey = '', passphrase = '', fingerprint = '' } = credential;
  const to = { host: hostOf(config), port: portOf(config), user: config.user, fingerprint };
  const stream = await openSsh({ ...to, password, privateKey, passphrase }, ground, signal);
  const stop = () => stream.end(calledOff());
  signal.addEventListener('abort', stop);
  const timer = setTimeout(() => stream.end(lost('the login took too long')), longestSilence);
  try {
    if (signal.aborted) throw calledOff();
    const line = await begin(stream);
    stream.letIn();
    return line;
  } catch (error) {
    stream.end(lost('the login failed'));
    throw signal.aborted ? calledOff() : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function begin(stream: SshStream): Promise<SftpLine> {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (fault: unknown) => void }>();
  const extensions = new Set<string>();
  let last = 0;
  let ended: TargetFault | null = null;
  let since = performance.now();
  const watch = setInterval(() => {
    const quiet = performance.now() - Math.max(since, stream.heard);
    if (waiting.size > 0 && quiet > longestSilence) stream.end(lost('it does not answer any more'));
  }, 1000);
  watch.unref();
  const finish = (fault: TargetFault) => {
    ended = fault;
    clearInterval(watch);
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
  };
  stream.onEnd = finish;
  const begun = new Promise<Answer>((resolve, reject) => waiting.set(0, { resolve, reject }));
  stream.onData = messages((type, fields) => {
    const id = type === version ? 0 : fields.uint32();
    const asked = waiting.get(id);
    if (!asked || (id === 0) !== (type === version)) throw malformed('it answers what was not asked');
    waiting.delete(id);
    settle(asked, type, fields);
  });
  stream.write(new Packer().uint32(5).byte(initialize).uint32(3).bytes());
  const { fields } = await begun;
  if (fields.uint32() < 3) throw malformed('its SFTP is too old');
  while (fields.left > 0) {
    extensions.add(fields.text());
    fields.string();
  }
  return {
    extensions,
    isOpen: () => ended === null,
    close: () => stream.end(lost('it was closed')),
    ask: (type, fill) => {
      if (ended) return Promise.reject(ended);
      if (waiting.size === 0) since = performance.now();
      last = last >= 2 ** 31 ? 1 : last + 1;
      const id = last;
      const body = fill(new Packer(type).uint32(id)).bytes();
      const answered = new Promise<Answer>((resolve, reject) => waiting.set(id, { resolve, reject }));
      stream.write(new Packer().string(body).bytes());
      return answered;
    },
  };
}

const initialize = 1;
const version = 2;
const largestMessage = 1024 * 1024;

function settle(
  { resolve, reject }: { resolve: (answer: Answer) => void; reject: (fault: unknown) => void },
  type: number,
  fields: Unpacker,
): void {
  const code = type === answer.status ? fields.uint32() : status.ok;
  if (code === status.ok) resolve({ type, fields });
  else reject(new SftpStatus(code, fields.left > 3 ? fields.text() : ''));
}

/** Cuts a stream of bytes into messages. */
function messages(take: (type: number, fields: Unpacker) => void): (bytes: Buffer) => void {
  let pieces: Buffer[] = [];
  let held = 0;
  let wanted = 4;
  return (bytes) => {
    pieces.push(bytes);
    held += bytes.length;
    if (held < wanted) return;
    let rest = Buffer.concat(pieces);
    while (rest.length >= 4) {
      const length = rest.readUInt32BE();
      if (length < 1 || length > largestMessage) throw malformed('an SFTP message has an impossible length');
      if (rest.length < 4 + length) break;
      const whole = rest.subarray(4, 4 + length);
      rest = rest.subarray(4 + length);
      take(whole[0] ?? 0, new Unpacker(whole.subarray(1)));
    }
    pieces = [rest];
    held = rest.length;
    wanted = held < 4 ? 4 : 4 + rest.readUInt32BE();
  };
}

/** Makes what a server refused a fault in words. */
export function sftpFault(error: unknown, server: string, what: string): unknown {
  if (!(error instanceof SftpStatus)) return error;
  const said = error.message === '' ? '' : ` (${error.message})`;
  if (error.code === status.noSuchFile) {
    return new TargetFault({
      ...failures.notFound('file', what),
      what: `${server} has nothing there to ${what}${said}.`,
    });
  }
  const refused = `${server} refused to ${what}${said}.`;
  const mend = 'Look whether the folder may be written by this user, and whether there is room left.';
  return new TargetFault(failures.denied(refused, mend), { cause: error });
}
