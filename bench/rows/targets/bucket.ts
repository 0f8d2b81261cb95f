import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { s3 } from '../../../server/adapters/targets/s3.ts';
import { compared } from './compared.ts';
import type { Match } from './match.ts';
import { publish } from './publish.ts';
import type { Site } from './site.ts';
import { started } from './started.ts';

/** Uploads that the library is given at once: as many as we have. */
const atOnce = 8;
const key = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** Beside the upload library of AWS. */
export const bucket: Match = {
  how: 'into a bucket',
  needs: {},
  measure: async (site) => {
    const { folder, blobs, parcel } = site;
    const buckets = path.join(folder, 'buckets');
    await mkdir(buckets);
    await using service = await started('test/servers/s3Process.ts', buckets);
    const endpoint = `http://127.0.0.1:${Number(service.said)}`;
    const ours = (prefix: string) =>
      publish(
        s3,
        { bucket: 'site', endpoint, prefix },
        { credential: key, blobs, parcel, execution: prefix },
      );
    const theirs = (prefix: string) => uploadAll(endpoint, prefix, site);
    return await compared('into a bucket', { ours, theirs }, 2);
  },
};

async function uploadAll(endpoint: string, prefix: string, { parcel, files: folder }: Site): Promise<void> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: key,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const rest = parcel.files.values();
  const worker = async () => {
    for (const file of rest) {
      const Body = createReadStream(path.join(folder, file.path));
      const params = { Bucket: 'site', Key: `${prefix}/${file.path}`, Body, ContentType: file.mime };
      await new Upload({ client, params }).done();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  client.destroy();
}
