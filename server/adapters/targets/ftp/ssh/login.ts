import { failures } from '../../../../protocol/failure.ts';
import { foreignText, RemoteFault } from '../../remote/remoteFault.ts';
import { malformed, message, Packer, Unpacker } from './packet.ts';
import { type PersonalKey, readPrivateKey, signatureOf, signingFor } from './privateKey.ts';
import type { SshTransport } from './transport.ts';

/** Who logs in, and with what. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly privateKey: string;
  readonly passphrase: string;
}

/** Logs in over a line (RFC 4252): with the key where there is one, else or then with the password. */
export async function logIn(line: SshTransport, login: Login): Promise<void> {
  const key = login.privateKey.trim() === '' ? null : readPrivateKey(login.privateKey, login.passphrase);
  const inbox = inboxOf(line);
  await line.send(new Packer(message.serviceRequest).string('ssh-userauth').bytes());
  if ((await inbox())[0] !== message.serviceAccept) throw malformed('it lets nobody log in');
  if (key && (await withKey(line, inbox, login, key))) return;
  if (login.password !== '') {
    if (await withPassword(line, inbox, login)) return;
    if (await withQuestions(line, inbox, login)) return;
  }
  throw new RemoteFault(failures.wrongAccount('The SSH server'));
}

type Inbox = () => Promise<Buffer>;

/** The next message of the line, one after another; a greeting is passed over. */
function inboxOf(line: SshTransport): Inbox {
  const came: Buffer[] = [];
  let broken: RemoteFault | null = null;
  let wake = () => {};
  line.onMessage = (payload) => {
    if (payload[0] === message.authBanner) return;
    if (came.push(Buffer.from(payload)) > 100) line.end(malformed('it says too much before the login'));
    wake();
  };
  line.onEnd = (fault) => {
    broken = fault;
    wake();
  };
  return async () => {
    for (;;) {
      const next = came.shift();
      if (next) return next;
      if (broken) throw broken;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

function request({ user }: Login, method: string): Packer {
  return new Packer(message.authRequest).string(user).string('ssh-connection').string(method);
}

async function isLetIn(inbox: Inbox): Promise<boolean> {
  const [type] = await inbox();
  if (type === message.authSuccess) return true;
  if (type === message.authFailure) return false;
  throw malformed('it answered the login with something else');
}

async function withKey(line: SshTransport, inbox: Inbox, login: Login, key: PersonalKey): Promise<boolean> {
  const algorithm = signingFor(key, line.signings);
  const asked = request(login, 'publickey').boolean(true).string(algorithm).string(key.blob);
  const signed = new Packer().string(line.session).raw(asked.bytes()).bytes();
  await line.send(asked.string(signatureOf(key, algorithm, signed)).bytes());
  return isLetIn(inbox);
}

async function withPassword(line: SshTransport, inbox: Inbox, login: Login): Promise<boolean> {
  await line.send(request(login, 'password').boolean(false).string(login.password).bytes());
  const answer = await inbox();
  if (answer[0] === message.authInfoRequest) {
    const what = `The SSH server wants a new password first (${foreignText(new Unpacker(answer.subarray(1)).text())}).`;
    throw new RemoteFault(failures.denied(what, 'Set a new password there, then connect the account again.'));
  }
  return answer[0] === message.authSuccess;
}

/** Answers the one question for a password of servers that ask so (RFC 4256). */
async function withQuestions(line: SshTransport, inbox: Inbox, login: Login): Promise<boolean> {
  await line.send(request(login, 'keyboard-interactive').string('').string('').bytes());
  for (let rounds = 0; rounds < 5; rounds++) {
    const answer = await inbox();
    if (answer[0] !== message.authInfoRequest) return answer[0] === message.authSuccess;
    const fields = new Unpacker(answer.subarray(1));
    for (let skipped = 0; skipped < 3; skipped++) fields.string();
    const count = fields.uint32();
    if (count > 1) return false;
    const reply = new Packer(message.authInfoResponse).uint32(count);
    if (count === 1) reply.string(login.password);
    await line.send(reply.bytes());
  }
  return false;
}
