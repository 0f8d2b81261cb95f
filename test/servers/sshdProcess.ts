// A process of its own that is an SSH server of this machine, until nobody listens to it any more.
import { startSshd } from './sshd.ts';

const server = await startSshd();
const { port, user, home, fingerprint } = server;
process.stdout.write(`${JSON.stringify({ port, user, home, fingerprint, key: server.keys.ed25519 })}\n`);
process.stdin.on('end', () => void server[Symbol.asyncDispose]()).resume();
