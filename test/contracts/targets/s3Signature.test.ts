import assert from 'node:assert/strict';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { encodedPath } from '../../../server/adapters/targets/http/encodedPath.ts';
import { keyOf, pathOf } from '../../../server/adapters/targets/s3/address.ts';
import { placeOf, S3Config } from '../../../server/adapters/targets/s3/config.ts';
import { signed } from '../../../server/adapters/targets/s3/signature.ts';

/** A request as the official client would send it. */
interface Sent {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
}

const key = { accessKeyId: 'TESTS', secretAccessKey: ['only', 'for', 'tests'].join('/') };
const names = ['index.html', 'ä b+c&d=e?f#g~h.txt', "it's (fine)!*.md", '日本/🙂.txt', 'a%20b', '...'];

describe('a signature', () => {
  for (const sessionToken of [undefined, 'a+token/for=tests']) {
    it(`is the one of the official client, ${sessionToken ? 'with' : 'without'} a session token`, async () => {
      const credentials = { ...key, ...(sessionToken ? { sessionToken } : {}) };
      const commands = [
        ...names.flatMap((Key) => [
          new GetObjectCommand({ Bucket: 'site', Key }),
          new PutObjectCommand({ Bucket: 'site', Key, Body: 'x', ContentType: 'text/html; charset=utf-8' }),
        ]),
        new ListObjectsV2Command({
          Bucket: 'site',
          Prefix: 'ä +/',
          ContinuationToken: 'a/b==',
          Delimiter: '/',
        }),
      ];
      for (const command of commands) {
        const sent = await caught(command, credentials);
        const [, scope = '', listed = '', signature = ''] =
          /Credential=([^,]+), SignedHeaders=([^,]+), Signature=(\w+)/.exec(
            sent.headers.authorization ?? '',
          ) ?? [];
        const own = signed(
          {
            method: sent.method,
            host: sent.hostname,
            path: sent.path,
            query: sent.query,
            headers: Object.fromEntries(listed.split(';').map((name) => [name, sent.headers[name] ?? ''])),
            digest: sent.headers['x-amz-content-sha256'] ?? '',
          },
          { key: credentials, region: 'eu-central-1', now: momentOf(sent.headers['x-amz-date'] ?? '') },
        ).authorization;
        assert.ok(signature && own?.includes(`Signature=${signature}`), `${sent.method} ${sent.path}`);
        assert.ok(own?.includes(`Credential=${scope},`));
      }
    });
  }

  it('is for the path and the host to which the official client would go', async () => {
    for (const name of names) {
      const sent = await caught(new GetObjectCommand({ Bucket: 'site', Key: `pre fix/${name}` }), key);
      const config = S3Config.parse({ bucket: 'site', region: 'eu-central-1', prefix: 'pre fix' });
      assert.equal(pathOf(config, keyOf(config, name)), sent.path);
      assert.equal(encodedPath(`/pre fix/${name}`), sent.path);
      assert.equal(placeOf(config).base.host, sent.hostname);
    }
  });
});

async function caught(
  command: GetObjectCommand | PutObjectCommand | ListObjectsV2Command,
  credentials: typeof key,
) {
  let sent: Sent | null = null;
  const client = new S3Client({
    region: 'eu-central-1',
    credentials,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: unknown) => {
        sent = request as Sent;
        throw new Error('caught');
      },
    } as never,
  });
  await client.send(command as GetObjectCommand).catch(() => {});
  assert.ok(sent);
  return sent as Sent;
}

function momentOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
