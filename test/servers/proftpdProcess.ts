// A process of its own that is an FTP server of this machine, until nobody listens to it any more.
import { startProftpd } from './proftpd.ts';

const server = await startProftpd();
const { port, user, password, authority } = server;
process.stdout.write(`${JSON.stringify({ port, user, password, authority })}\n`);
process.stdin.on('end', () => void server[Symbol.asyncDispose]()).resume();
