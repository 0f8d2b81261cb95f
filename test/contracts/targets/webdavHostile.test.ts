import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { s3 } from '../../../server/adapters/targets/s3.ts';
import { webdav } from '../../../server/adapters/targets/webdav.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { answering, listenEncrypted } from '../../support/loopback.ts';
import { kindOf, makeGround } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const word = ['a', 'word', 'of', 'tests'].join('-');

describe('a WebDAV server that is full, odd or hostile', () => {
  it('is told in words, whatever it answers, and is never sent anything elsewhere', async () => {
    const list =
      (...hrefs: string[]): RequestListener =>
      (_request, response) => {
        const parts = hrefs.map((href) => `<D:response><D:href>${href}</D:href></D:response>`);
        response.writeHead(207).end(`<D:multistatus xmlns:D="DAV:">${parts.join('')}</D:multistatus>`);
      };
    const status =
      (code: number, text = '', headers = {}): RequestListener =>
      (_request, response) => {
        response.writeHead(code, headers).end(text);
      };
    let elsewhere = 0;
    await using other = await answering((_request, response) => {
      elsewhere++;
      response.end();
    });
    const cases: [string, RequestListener, string, RegExp][] = [
      ['is elsewhere', status(301, '', { location: `${other.url}/dav/` }), 'invalid', /is elsewhere/],
      ['speaks no WebDAV', status(405), 'invalid', /does not speak WebDAV/],
      [
        'answers with a page',
        status(200, '<html><body>Sign in</body></html>'),
        'malformed',
        /list of another folder/,
      ],
      ['lists another folder', list('/elsewhere/'), 'malformed', /list of another folder/],
      ['lets nobody in', status(403, 'no \u001b[31m way'), 'denied', /does not let this user/],
      ['is full', onPut(list('/dav/'), status(507)), 'denied', /no room left/],
      ['takes no large files', onPut(list('/dav/'), status(413)), 'tool', /larger than/],
      ['nests too deeply', status(207, '<a>'.repeat(50_000)), 'malformed', /./],
    ];
    for (const [what, answer, kind, words] of cases) {
      await using server = await answering(answer);
      await using ground = await makeGround();
      const config = webdav.config.parse({ folder: `${server.url}/dav`, user: 'tests' });
      const context = { ...contextOf(ground), credential: async () => ({ password: word }) };
      const outcome = await webdav.publish(await parcelOf(ground, { 'index.html': 'x' }), config, context);
      const said = outcome.ok ? 'ok' : outcome.failure.what;
      assert.equal(kindOf(outcome), kind, `${what}: ${said}`);
      assert.match(said, words);
      assert.doesNotMatch(said, /[\p{Cc}\p{Cf}]/u);
      assert.ok(!said.includes(word) && said.length < 700);
    }
    assert.equal(elsewhere, 0);
  });

  it('cannot make us touch what is not in the folder', async () => {
    const asked = new Set<string>();
    await using server = await answering((request, response) => {
      asked.add(`${request.method} ${request.url}`);
      if (request.method !== 'PROPFIND') return void response.writeHead(204).end();
      const names = ['', '../up.txt', '..', '.', '%2e%2e/up.txt', 'a%2Fb.txt', '/etc/passwd', '%ff', 'a//b'];
      const parts = names.map((name) => `<D:response><D:href>/dav/${name}</D:href></D:response>`);
      response.writeHead(207).end(`<D:multistatus xmlns:D="DAV:">${parts.join('')}</D:multistatus>`);
    });
    await using ground = await makeGround();
    const config = webdav.config.parse({ folder: `${server.url}/dav`, user: 'tests' });
    const context = { ...contextOf(ground), credential: async () => ({ password: word }) };
    await webdav.publish(await parcelOf(ground, { 'index.html': 'x' }), config, context);
    const outside = [...asked].filter((one) => !/^[A-Z]+ \/dav\/(?!.*(\.\.|%2F|passwd))/i.test(one));
    assert.deepEqual(outside, []);
  });
});

describe('a server whose certificate nobody vouches for', () => {
  const known = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(known));

  it('is refused before it is told anything, and why is told', async () => {
    await using now = await makeCertificate();
    await using past = await makeCertificate('past');
    await using ground = await makeGround();
    const parcel = await parcelOf(ground, { 'index.html': 'x' });
    const context = {
      ...contextOf(ground),
      credential: async () => ({ password: word, accessKeyId: 'A', secretAccessKey: word }),
    };
    const wrong = [
      [now, 'localhost', known, /signed .* itself/, /NODE_EXTRA_CA_CERTS/],
      [now, '127.0.0.1', [...known, now.cert], /another host/, /address/],
      [past, 'localhost', [...known, past.cert], /has expired/, /date and time/],
    ] as const;
    let asked = 0;
    for (const [made, host, trusted, why, mend] of wrong) {
      await using server = await listenEncrypted(made, () => asked++);
      setDefaultCACertificates([...trusted]);
      const at = `https://${host}:${server.port}`;
      const outcomes = [
        await webdav.publish(parcel, webdav.config.parse({ folder: `${at}/dav`, user: 'tests' }), context),
        await s3.publish(parcel, s3.config.parse({ bucket: 'site', endpoint: at }), context),
      ];
      for (const outcome of outcomes) {
        assert.ok(!outcome.ok && /is not safe/.test(outcome.failure.what), JSON.stringify(outcome));
        assert.match(outcome.failure.what, why);
        assert.match(outcome.failure.mend, mend);
        assert.equal(kindOf(outcome), 'denied');
      }
    }
    assert.equal(asked, 0);
  });
});

/** One answer to what is sent, and another to every question. */
function onPut(asked: RequestListener, sent: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method === 'MKCOL') response.writeHead(201).end();
    else if (request.method === 'PUT') sent(request, response);
    else if (request.method === 'DELETE') response.writeHead(204).end();
    else asked(request, response);
  };
}
