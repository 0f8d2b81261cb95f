import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createProxy } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { askOver } from '../../../server/adapters/providers/httpAnswer.ts';

describe('an encrypted connection to a service', () => {
  const { signal } = new AbortController();
  const known = getCACertificates('default');
  let folder: string;
  let certificate: string;
  let server: Server;
  let port: number;
  let asked = 0;
  const { promise: mayRead, resolve: read } = Promise.withResolvers<void>();
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-certificate-'));
    const [key, cert] = [path.join(folder, 'key'), path.join(folder, 'cert')];
    const kind = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      '/CN=localhost',
    ];
    const names = ['-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...kind, ...names, ...files], { stdio: 'ignore' });
    certificate = await readFile(cert, 'utf8');
    server = createServer({ key: await readFile(key), cert: certificate }, async (request, response) => {
      asked++;
      if (request.url === '/slow') return setTimeout(() => response.end('at last'), 1_200);
      await mayRead;
      const hash = createHash('sha256');
      for await (const piece of request) hash.update(piece);
      response.end(hash.digest('hex'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => setDefaultCACertificates(known));
  after(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
    await rm(folder, { recursive: true });
  });

  it('is none where the service cannot show that it is the one, and nothing is told there', async () => {
    const wrong = [
      ['localhost', /DEPTH_ZERO_SELF_SIGNED_CERT/, known],
      ['127.0.0.1', /ERR_TLS_CERT_ALTNAME_INVALID/, [...known, certificate]],
    ] as const;
    for (const [host, why, trusted] of wrong) {
      setDefaultCACertificates(trusted);
      const provider = createCompatible({
        key: async () => 'key',
        baseURL: `https://${host}:${port}`,
        model: 'm',
      });
      const listed = await provider.listModels?.(signal);
      assert.ok(listed?.ok === false && listed.failure.kind === 'offline');
      assert.match(listed.failure.what, why);
    }
    assert.equal(asked, 0);
  });

  it('takes a long conversation without a copy of it, and brings it whole', async () => {
    setDefaultCACertificates([...known, certificate]);
    const body = ['{"list":[', 'x'.repeat(20_000_000), ',', 'more', ']}'].map((one) => Buffer.from(one));
    const hash = createHash('sha256').update(Buffer.concat(body)).digest('hex');
    const before = process.memoryUsage().arrayBuffers;
    const asking = askOver(`HTTPS://localhost:${port}`, { method: 'POST', headers: {}, body }, signal);
    let grown = 0;
    while (asked === 0) {
      grown = Math.max(grown, process.memoryUsage().arrayBuffers - before);
      await pause(1);
    }
    read();
    const pieces: Uint8Array[] = [];
    for await (const piece of (await asking).body) pieces.push(piece);
    assert.equal(Buffer.concat(pieces).toString(), hash);
    assert.ok(grown < 5_000_000, `${grown} bytes more`);
  });

  it('goes through the proxy of the environment, and waits for its answer as long as it takes', async () => {
    const tunnels: { url: string; sides: Duplex[] }[] = [];
    const proxy = createProxy().listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const at = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    proxy.on('connect', ({ url = '' }, near: Duplex) => {
      const far = connect(port, '127.0.0.1', () => near.write('HTTP/1.1 200 OK\r\n\r\n'));
      tunnels.push({ url, sides: [near, far] });
      far.pipe(near).pipe(far);
      far.on('error', () => near.destroy());
      near.on('error', () => far.destroy());
    });
    const module = path.join(import.meta.dirname, '../../../server/adapters/providers/httpAnswer.ts');
    const code = `
      const { askOver } = await import(process.argv[1]);
      const asked = async (anew) => {
        const question = { method: 'GET', headers: {}, anew, connectWithin: 1_000 };
        for await (const piece of (await askOver(process.argv[2], question, new AbortController().signal)).body)
          process.stdout.write(piece);
      };
      await Promise.all([asked(false), asked(true)]);
      process.exit();`;
    const proxied = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: at, https_proxy: at, no_proxy: '', NO_PROXY: '' };
    const env = { ...process.env, ...proxied, NODE_EXTRA_CA_CERTS: path.join(folder, 'cert') };
    const args = [
      '--no-warnings',
      '--input-type=module',
      '-e',
      code,
      module,
      `https://localhost:${port}/slow`,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    for (const side of tunnels.flatMap(({ sides }) => sides)) side.destroy();
    await once(proxy.close(), 'close');
    assert.equal(stdout, 'at last'.repeat(2));
    assert.deepEqual(
      tunnels.map(({ url }) => url),
      [`localhost:${port}`, `localhost:${port}`],
    );
  });
});
