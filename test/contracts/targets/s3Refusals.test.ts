import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { presigned } from '../../../server/adapters/targets/s3/signature.ts';
import { s3 } from '../../../server/adapters/targets/s3.ts';
import { type S3Server, startS3 } from '../../servers/s3.ts';
import { answering } from '../../support/loopback.ts';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

describe('what a bucket refuses', () => {
  let server: S3Server;
  before(async () => {
    server = await startS3();
  });
  after(() => server[Symbol.asyncDispose]());

  const publish = async (change: Record<string, unknown>, key: Record<string, string> = server.key) => {
    await using ground = await makeGround();
    const config = s3.config.parse({ bucket: 'site', endpoint: server.endpoint, ...change });
    const context = { ...contextOf(ground), credential: async () => key };
    const outcome = await s3.publish(await parcelOf(ground, { 'index.html': 'x' }), config, context);
    const findings = (await s3.check?.(config, context)) ?? [];
    return { outcome, findings, said: outcome.ok ? 'ok' : `${outcome.failure.what} ${outcome.failure.mend}` };
  };

  const cases: [string, Record<string, unknown>, Record<string, string>, string, RegExp][] = [
    ['a key that it does not know', {}, { accessKeyId: 'nobody' }, 'auth', /does not know the access key ID/],
    [
      'a secret that does not fit',
      {},
      { secretAccessKey: 'other' },
      'auth',
      /secret access key does not fit/,
    ],
    ['a secret that nobody can send', {}, { accessKeyId: 'a\r\nb' }, 'auth', /did not accept/],
    ['a bucket that is not there', { bucket: 'nowhere' }, {}, 'notFound', /no bucket "nowhere"/],
    ['a bucket that may not be listed', { bucket: 'hidden' }, {}, 'denied', /no right .* "hidden"/],
    ['a bucket that may not be written', { bucket: 'locked' }, {}, 'denied', /no right .* "locked"/],
    ['a bucket in which nothing may be deleted', { bucket: 'sticky' }, {}, 'denied', /no right .* "sticky"/],
    [
      'a bucket of another region',
      { bucket: 'far' },
      {},
      'invalid',
      /region "eu-central-1", not in "us-east-1"/,
    ],
    ['more than there is room for', { bucket: 'full' }, {}, 'denied', /no room left/],
  ];
  for (const [what, config, key, kind, words] of cases) {
    it(`is told in its own words: ${what}`, async () => {
      const { outcome, findings, said } = await publish(config, { ...server.key, ...key });
      assert.equal(kindOf(outcome), kind, said);
      assert.match(said, words);
      if (/locked|sticky|full/.test(String(config.bucket))) {
        const left = await server.witness.send(new ListObjectsV2Command({ Bucket: String(config.bucket) }));
        assert.deepEqual(left.Contents ?? [], [], 'nothing is left there');
        return;
      }
      assert.ok(!findings.at(-1)?.good && words.test(findings.at(-1)?.what ?? ''), JSON.stringify(findings));
    });
  }

  it('is no blank around a key', async () => {
    const { accessKeyId, secretAccessKey } = server.key;
    const { outcome, said } = await publish(
      {},
      { accessKeyId: ` ${accessKeyId}`, secretAccessKey: `${secretAccessKey}\n` },
    );
    assert.equal(kindOf(outcome), 'ok', said);
  });

  it('is bounded and has no control characters, whatever the server says', async () => {
    const answers = [
      `<Error><Code>Odd</Code><Message>a\u001b[31mred\u202e${'long '.repeat(10_000)}</Message></Error>`,
      '<a>'.repeat(50_000),
      'not XML at all & <',
      `<Error><Code>${'x'.repeat(50_000)}`,
      '',
    ];
    let next = '';
    await using hostile = await answering((_request, response) => response.writeHead(418).end(next));
    for (next of answers) {
      const { outcome, said } = await publish({ endpoint: hostile.url });
      assert.ok(!outcome.ok && said.length < 700, said);
      assert.doesNotMatch(said, /[\p{Cc}\p{Cf}]/u);
    }
  });

  it('does not follow a redirect with what it signed', async () => {
    let asked = 0;
    await using other = await answering((_request, response) => {
      asked++;
      response.end();
    });
    await using first = await answering((_request, response) =>
      response.writeHead(307, { location: other.url }).end(),
    );
    assert.equal(kindOf((await publish({ endpoint: first.url })).outcome), 'invalid');
    assert.equal(asked, 0);
  });

  it('gives a link to one private file for a while, which holds no secret', async () => {
    await using ground = await makeGround();
    const config = s3.config.parse({ bucket: 'site', prefix: 'shown', endpoint: server.endpoint });
    const context = { ...contextOf(ground), credential: async () => server.key };
    const { undo } = value(
      await s3.publish(await parcelOf(ground, { 'ä b.html': 'shown' }), config, context),
    );
    const now = () => Date.now();
    const link = value((await s3.link?.(undo, 'ä b.html', { ...context, now })) ?? assert.fail());
    assert.ok(link);
    assert.equal(await (await fetch(link.url)).text(), 'shown');
    assert.ok(link.until > Date.now() && link.until < Date.now() + 3_600_001);
    assert.equal((await fetch(link.url.replace('shown', 'shawn'))).status, 403);
    const signer = { key: { ...server.key }, region: 'us-east-1', now: Date.now() - 5000 };
    const place = { base: new URL(server.endpoint), path: '/site/shown/%C3%A4%20b.html' };
    const short = presigned(place, signer, 1);
    await sleep(10);
    assert.equal((await fetch(short)).status, 403);
  });
});
