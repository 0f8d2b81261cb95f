// A process of its own that is a WebDAV server of this machine, until nobody listens to it any more.
import { startWebdav } from './webdav.ts';

const server = await startWebdav();
const { port, user, password } = server;
process.stdout.write(`${JSON.stringify({ port, user, password })}\n`);
process.stdin.on('end', () => void server[Symbol.asyncDispose]()).resume();
