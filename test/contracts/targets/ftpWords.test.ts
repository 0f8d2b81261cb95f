import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ftpConfig } from '../../../server/adapters/targets/ftp/config.ts';
import { openFtpFolder } from '../../../server/adapters/targets/ftp/ftpFolder.ts';
import { TargetFault } from '../../../server/adapters/targets/targetFault.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { listenEncrypted } from '../../support/loopback.ts';
import { value } from '../tools/ground.ts';

const { signal } = new AbortController();

describe('an FTP server that does not say what it was asked', () => {
  for (const [said, kind] of [
    ['421 Too long, good bye', 'offline'],
    ['451 Busy just now', 'offline'],
    ['530 Log in again', 'auth'],
  ] as const) {
    it(`is not believed to have no such folder where it says "${said}"`, async () => {
      await using server = await answering({ CWD: said });
      await using folder = await folderOf(server.port);
      await assert.rejects(folder.list({ signal, top: true }), fault(kind));
    });
  }

  it('has no such folder where it says so', async () => {
    await using server = await answering({ CWD: '550 No such directory' });
    await using folder = await folderOf(server.port);
    assert.equal(await folder.list({ signal, top: true }), null);
  });

  it('is not believed to have no such file where it is busy', async () => {
    await using server = await answering({ SIZE: '451 Busy just now' });
    await using folder = await folderOf(server.port);
    await assert.rejects(folder.read('a.txt', signal), fault('offline'));
  });

  it('is not believed to have taken away what it refuses to, though it tells no sizes', async () => {
    await using server = await answering({
      SIZE: '502 Not here',
      DELE: '550 Permission denied',
      RNFR: '350 And then?',
    });
    await using folder = await folderOf(server.port);
    await assert.rejects(folder.remove('a.txt', signal), fault('denied'));
  });

  it('has taken a file away that is not there', async () => {
    const none = '550 No such file';
    await using server = await answering({ SIZE: '502 Not here', DELE: none, RNFR: none });
    await using folder = await folderOf(server.port);
    await folder.remove('a.txt', signal);
  });
});

describe('an FTP server by TLS that cannot show who it is', () => {
  it('is told nothing, and the fault of its certificate is told with what mends it', async () => {
    await using now = await makeCertificate();
    await using past = await makeCertificate('past');
    const wrong = [
      [now, 'localhost', undefined, /signed .* itself/, /"Own authority"/],
      [now, '127.0.0.1', now.cert, /another host/, /address/],
      [past, 'localhost', past.cert, /has expired/, /date and time/],
    ] as const;
    let asked = 0;
    for (const [made, host, certificate, why, mend] of wrong) {
      await using server = await listenEncrypted(made, () => asked++);
      const config = ftpConfig.parse({
        ...{ protocol: 'ftps-implicit', host, port: server.port, user: 'tests', folder: '/site' },
        ...(certificate ? { certificate } : {}),
      });
      const place = { config, address: 'ftps://tests@localhost/site', url: () => null };
      const opened = await openFtpFolder(place, { password: 'none' }, signal);
      assert.ok(!opened.ok);
      assert.equal(opened.failure.kind, 'denied');
      assert.match(opened.failure.what, why);
      assert.match(opened.failure.mend, mend);
    }
    assert.equal(asked, 0);
  });
});

function fault(kind: string) {
  return (error: unknown) => error instanceof TargetFault && error.failure.kind === kind;
}

async function folderOf(port: number) {
  const config = ftpConfig.parse({
    protocol: 'ftp',
    host: '127.0.0.1',
    port,
    user: 'tests',
    folder: '/site',
  });
  const place = { config, address: 'ftp://tests@127.0.0.1/site', url: () => null };
  const folder = value(await openFtpFolder(place, { password: 'none' }, signal));
  return { ...folder, [Symbol.asyncDispose]: () => folder.close() };
}

/** A server that agrees to everything, but for some commands. */
async function answering(words: Readonly<Record<string, string>>) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write('220 Good day\r\n');
    socket.setEncoding('latin1').on('data', (text) => {
      for (const line of String(text).split('\r\n').filter(Boolean)) {
        const [command = ''] = line.split(' ');
        socket.write(`${words[command] ?? plain[command] ?? '200 Yes'}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const plain: Readonly<Record<string, string>> = { USER: '331 Who?', PASS: '230 Come in', FEAT: '211 None' };
