// A process of its own that is an S3 service of this machine, until nobody listens to it any more.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import S3rver from '@20minutes/s3rver';
import accounts from '@20minutes/s3rver/lib/models/account.js';
import { narrowKey, withLaws } from './s3Laws.ts';
import { withUploads } from './s3Uploads.ts';

const directory = process.argv[2] ?? '';
const buckets = ['site', 'second', 'locked', 'sticky', 'hidden', 'far', 'full'];
for (const name of buckets) await mkdir(path.join(directory, name), { recursive: true });
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  configureBuckets: buckets.map((name) => ({ name })),
});
accounts.DUMMY_ACCOUNT.createKeyPair(narrowKey, narrowKey);
withUploads(server);
withLaws(server);
const { port } = await server.run();
process.stdout.write(`${port}\n`);
process.stdin.on('end', () => process.exit()).resume();
