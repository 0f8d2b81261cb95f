import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createProxy } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { askOver } from '../../../server/adapters/providers/httpAnswer.ts';
import { createOllama } from '../../../server/adapters/providers/ollama.ts';
import { type MadeCertificate, makeCertificate } from '../../support/certificate.ts';
import { type Loopback, listenEncrypted } from '../../support/loopback.ts';

describe('an encrypted connection to a service', () => {
  const { signal } = new AbortController();
  const known = getCACertificates('default');
  let certificate: MadeCertificate;
  let server: Loopback;
  let port: number;
  let asked = 0;
  const { promise: mayRead, resolve: read } = Promise.withResolvers<void>();
  before(async () => {
    certificate = await makeCertificate();
    server = await listenEncrypted(certificate, async (request, response) => {
      asked++;
      if (request.url === '/slow') return void setTimeout(() => response.end('at last'), 1_200);
      await mayRead;
      const hash = createHash('sha256');
      for await (const piece of request) hash.update(piece);
      response.end(hash.digest('hex'));
    });
    ({ port } = server);
  });
  afterEach(() => setDefaultCACertificates(known));
  after(async () => {
    await server.close();
    await certificate[Symbol.asyncDispose]();
  });

  it('is none where the service cannot show that it is the one; why is told, and to it nothing', async () => {
    await using past = await makeCertificate('past');
    await using later = await makeCertificate('later');
    await using own = await makeCertificate();
    const wrong = [
      [own, 'localhost', false, /signed .* itself .*\(DEPTH_ZERO_SELF_SIGNED_CERT\)/, /NODE_EXTRA_CA_CERTS/],
      [own, '127.0.0.1', true, /another host \(ERR_TLS_CERT_ALTNAME_INVALID\)/, /address/],
      [past, 'localhost', true, /has expired \(CERT_HAS_EXPIRED\)/, /date and time/],
      [later, 'localhost', true, /not valid yet \(CERT_NOT_YET_VALID\)/, /date and time/],
    ] as const;
    let told = 0;
    for (const [made, host, isTrusted, why, mend] of wrong) {
      await using service = await listenEncrypted(made, () => told++);
      setDefaultCACertificates(isTrusted ? [...known, made.cert] : known);
      const options = { key: async () => 'key', baseURL: `https://${host}:${service.port}`, model: 'm' };
      for (const provider of [createCompatible(options), createOllama(options)]) {
        const listed = await provider.listModels?.(signal);
        assert.ok(listed?.ok === false && listed.failure.kind === 'offline');
        assert.match(listed.failure.what, /certificate/);
        assert.match(listed.failure.what, why);
        assert.match(listed.failure.mend, mend);
        assert.match(listed.failure.mend, /sign-in page/);
      }
    }
    assert.equal(told, 0);
  });

  it('takes a long conversation without a copy of it, and brings it whole', async () => {
    setDefaultCACertificates([...known, certificate.cert]);
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
    const env = { ...process.env, ...proxied, NODE_EXTRA_CA_CERTS: certificate.file };
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
