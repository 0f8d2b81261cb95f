// The floor of publishing to GitHub: git's own server behind HTTP, with empty repositories of the names given.
import { execFileSync, spawn } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const [folder = '', ...names] = process.argv.slice(2);
const environment = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
for (const name of names) {
  const repository = path.join(folder, `${name}.git`);
  execFileSync('git', ['init', '-q', '--bare', repository], { env: environment });
  const mayPush = ['-C', repository, 'config', 'http.receivepack', 'true'];
  execFileSync('git', mayPush, { env: environment });
}

const server = http.createServer((request, response) => {
  const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const { 'content-type': type, 'content-length': length, 'content-encoding': coding } = request.headers;
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...environment,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REMOTE_ADDR: '127.0.0.1',
      CONTENT_TYPE: type,
      CONTENT_LENGTH: length,
      HTTP_CONTENT_ENCODING: coding,
    },
  });
  request.pipe(child.stdin).on('error', () => {});
  answer(child.stdout, response);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on('end', () => process.exit()).resume();

/** Passes on what a CGI program says: its head, an empty line, and the rest as it comes. */
function answer(said: NodeJS.ReadableStream, response: http.ServerResponse): void {
  let head = Buffer.alloc(0);
  const begin = (piece: Buffer) => {
    head = Buffer.concat([head, piece]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    said.off('data', begin);
    const fields = head
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(/: */, 2));
    const status = fields.find(([name]) => name === 'Status')?.[1] ?? '200';
    for (const [name = '', value = ''] of fields) if (name !== 'Status') response.setHeader(name, value);
    response.writeHead(Number.parseInt(status, 10));
    response.write(head.subarray(end + 4));
    said.pipe(response);
  };
  said.on('data', begin);
}
