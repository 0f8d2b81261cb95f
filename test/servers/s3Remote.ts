import { hash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { RemoteServer } from '../contracts/targets/remoteCase.ts';
import { startS3 } from './s3.ts';
import { narrowKey } from './s3Laws.ts';

/** An S3 service as the suite of remote folders wants it; what stands there the official client says. */
export async function startS3Remote(): Promise<RemoteServer> {
  const server = await startS3();
  const { witness, key } = server;
  const config: RemoteServer['config'] = (folder, port = server.port) => ({
    bucket: 'site',
    prefix: folder,
    endpoint: `http://127.0.0.1:${port}`,
  });
  return {
    port: server.port,
    config,
    credential: key,
    reader: {
      config: (folder, port) => ({ ...config(folder, port), bucket: 'locked' }),
      snapshot: (folder) => snapshotOf(witness, 'locked', `${folder}/`),
    },
    full: { credential: { accessKeyId: narrowKey, secretAccessKey: narrowKey } },
    snapshot: (folder) => snapshotOf(witness, 'site', `${folder}/`),
    put: async (folder, path, content) => {
      await witness.send(
        new PutObjectCommand({
          Bucket: 'site',
          Key: `${folder}/${path}`,
          Body: content,
          ContentLength: Buffer.byteLength(content),
        }),
      );
    },
    close: async () => server[Symbol.asyncDispose](),
  };
}

async function snapshotOf(
  witness: S3Client,
  Bucket: string,
  Prefix: string,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let ContinuationToken: string | undefined;
  do {
    const page = await witness.send(
      new ListObjectsV2Command({ Bucket, Prefix, EncodingType: 'url', ContinuationToken }),
    );
    for (const { Key = '' } of page.Contents ?? []) {
      const name = decodeURIComponent(Key.replaceAll('+', ' '));
      const object = await witness.send(new GetObjectCommand({ Bucket, Key: name }));
      found[name.slice(Prefix.length)] = hash(
        'sha256',
        (await object.Body?.transformToByteArray()) ?? new Uint8Array(),
      );
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return found;
}
