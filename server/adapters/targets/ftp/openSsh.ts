import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { failures } from '../../../protocol/failure.ts';
import { guardGroup, markName } from '../../processes/endGroup.ts';
import { calledOff, TargetFault } from '../targetFault.ts';
import { type HostKey, scanHostKeys, trustOnly } from './hostKeys.ts';
import { type LoginFolder, type LoginSecrets, makeLoginFolder } from './loginFolder.ts';
import { malformed } from './sftpPacket.ts';
import { sshEnvironment } from './sshEnvironment.ts';
import { complaintFault, lost, OtherHostKey } from './sshFaults.ts';
import { sshPrograms } from './sshPrograms.ts';
import { sshWords, waysIn } from './sshWords.ts';

/** Who logs in where, and with what. */
export interface SshLogin extends LoginSecrets {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** What the person confirmed of the server's keys; several with spaces between. */
  readonly fingerprint: string;
}

/** What connections have in common. */
export interface SftpGround {
  /** No program is looked up there. */
  readonly workspace: string;
  /** The confirmed keys that servers showed, by host, port and fingerprints, so that they are asked once. */
  readonly confirmed: Map<string, readonly HostKey[]>;
}

/** How long a server may take to show its keys, in seconds. */
const longestScan = 15;
const mostConfirmed = 100;

/** Starts OpenSSH's client for SFTP; whether it is let in shows when the server answers. */
export async function openSsh(login: SshLogin, ground: SftpGround, signal: AbortSignal): Promise<SshStream> {
  refuseUnsafe(login);
  const { ssh, keyscan } = sshPrograms(ground.workspace);
  const about = `${login.host} ${login.port} ${login.fingerprint}`;
  const { host, port } = login;
  const scan = () => scanHostKeys({ program: keyscan, host, port, patience: longestScan }, signal);
  if (signal.aborted) throw calledOff();
  const keys = ground.confirmed.get(about) ?? trustOnly(login.fingerprint, await scan(), host.toLowerCase());
  if (ground.confirmed.size >= mostConfirmed) ground.confirmed.clear();
  ground.confirmed.set(about, keys);
  if (waysIn(login).length === 0) throw new TargetFault(failures.wrongAccount('The SSH server'));
  const folder = await makeLoginFolder(keys, login);
  if (signal.aborted) {
    folder.remove();
    throw calledOff();
  }
  return new SshStream(ssh, sshWords(login, folder), folder, () => ground.confirmed.delete(about));
}

/** The standard streams of OpenSSH's client, which lead to SFTP of the server. */
export class SshStream {
  /** Gets what the server sends. */
  onData: (bytes: Buffer) => void = () => {};
  /** Called once, when the stream is at its end. */
  onEnd: (fault: TargetFault) => void = () => {};
  /** When something went on last, in ms. */
  heard = performance.now();

  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: LoginFolder;
  readonly #forget: () => void;
  readonly #unguard: () => void;
  #complaint = '';
  #ended: TargetFault | null = null;

  constructor(program: string, words: readonly string[], folder: LoginFolder, forget: () => void) {
    const mark = path.basename(folder.path);
    const child = spawn(program, words, {
      cwd: folder.path,
      env: { ...sshEnvironment(process.env, folder.askpass), [markName]: mark },
      stdio: 'pipe',
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.#folder = folder;
    this.#forget = forget;
    this.#unguard = child.pid === undefined ? () => {} : guardGroup(child.pid, mark);
    child.stdout.on('data', (piece: Buffer) => this.#take(piece));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-mostComplaint);
    });
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
    child.stdin.on('drain', () => {
      this.heard = performance.now();
    });
    child.on('error', (error) => this.end(lost(error.message, error)));
    child.on('close', () => this.end(complaintFault(this.#complaint)));
  }

  /** Sends bytes in the order in which they are given. */
  write(bytes: Buffer): void {
    if (!this.#ended) this.#child.stdin.write(bytes);
  }

  /** Says that the login is done: nothing that was secret in it stays on the disk. */
  letIn(): void {
    this.#folder.remove();
  }

  /** Ends the stream, and OpenSSH with it. */
  end(fault: TargetFault): void {
    if (this.#ended) return;
    this.#ended = fault;
    this.#unguard();
    this.#kill();
    this.#folder.remove();
    if (fault instanceof OtherHostKey) this.#forget();
    this.onEnd(fault);
  }

  #take(piece: Buffer): void {
    if (this.#ended) return;
    this.heard = performance.now();
    try {
      this.onData(piece);
    } catch (error) {
      this.end(error instanceof TargetFault ? error : malformed('a message has another form'));
    }
  }

  #kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      if (process.platform === 'win32') this.#child.kill('SIGKILL');
      else process.kill(-pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}

const mostComplaint = 4000;

/** Refuses what OpenSSH could take for an option, or a command interpreter for a command. */
function refuseUnsafe({ host, user }: SshLogin): void {
  const isHost = /^[a-zA-Z0-9:][a-zA-Z0-9.:-]*$/.test(host);
  const isUser =
    process.platform === 'win32'
      ? /^[\w.@][\w.@-]*$/.test(user)
      : /^[^-\s\p{Cc}\p{Cf}][^\s\p{Cc}\p{Cf}]*$/u.test(user);
  if (isHost && isUser) return;
  const field = isHost ? 'user' : 'host';
  const what = `"${field}" of the target has a form that OpenSSH does not take.`;
  throw new TargetFault(failures.invalid(`target.config.${field}`, what, 'Correct it in the target.'));
}
