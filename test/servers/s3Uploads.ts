import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type S3rver from '@20minutes/s3rver';
import type { S3Context } from '@20minutes/s3rver';
import S3Error from '@20minutes/s3rver/lib/models/error.js';

/**
 * Adds what the server lacks: uploads in parts can be listed, looked into and ended, and an object whose bytes were
 * cut off was never there. Who asks was checked before.
 */
export function withUploads(server: S3rver): void {
  const { store } = server;
  const put = store.putContent.bind(store);
  store.putContent = async (file, content) => {
    const arriving = `${file}.${randomUUID()}`;
    try {
      const done = await put(arriving, content);
      await rename(arriving, file);
      return done;
    } catch (error) {
      await rm(arriving, { force: true });
      throw error;
    }
  };
  const uploads = (bucket: string) => store.getResourcePath(bucket, undefined, 'uploads');
  server.middleware.splice(-1, 0, async (context, next) => {
    if (context.method === 'PUT' && context.query.uploadId) await known(uploads, context);
    if (context.method === 'POST' && context.query.uploadId) await known(uploads, context);
    try {
      await next();
      encodeKeys(context);
    } catch (error) {
      const lacking = error instanceof S3Error && /^(MethodNotAllowed|NotImplemented)$/.test(error.code);
      if (!lacking || !(await answered(uploads, context))) throw error;
    }
  });
}

/** Keys as the service writes them when asked to, so that XML can hold any. */
function encodeKeys({ query, body }: S3Context): void {
  const { ListBucketResult: listed } = (body ?? {}) as { ListBucketResult?: Listed };
  if (query['encoding-type'] !== 'url' || !listed) return;
  listed.EncodingType = 'url';
  for (const one of listed.Contents ?? [])
    one.Key = encodeURIComponent(one.Key).replaceAll('%20', '+').replaceAll("'", '%27');
}

interface Listed {
  EncodingType?: string;
  readonly Contents?: { Key: string }[];
}

type Uploads = (bucket: string) => string;

async function answered(uploads: Uploads, context: S3Context): Promise<boolean> {
  const { method, query } = context;
  if (method === 'GET' && 'uploads' in query) await list(uploads, context);
  else if (method === 'GET' && query.uploadId) await parts(uploads, context);
  else if (method === 'DELETE' && query.uploadId) {
    await rm(await known(uploads, context), { recursive: true });
    context.status = 204;
  } else return false;
  return true;
}

async function known(uploads: Uploads, context: S3Context): Promise<string> {
  const [, bucket = ''] = context.path.split('/');
  const folder = path.join(uploads(bucket), path.basename(context.query.uploadId ?? ''));
  if (await stat(folder).catch(() => null)) return folder;
  const error = new S3Error('NoSuchUpload', 'The specified upload does not exist.');
  error.status = 404;
  throw error;
}

async function list(uploads: Uploads, context: S3Context): Promise<void> {
  const folder = uploads(context.params.bucket);
  const names = await readdir(folder).catch(() => []);
  const found = [];
  for (const UploadId of names) {
    const Key = await readFile(path.join(folder, UploadId, 'key'), 'utf8').catch(() => null);
    if (Key === null || !Key.startsWith(context.query.prefix ?? '')) continue;
    const { mtime } = await stat(path.join(folder, UploadId, 'key'));
    found.push({ Key, UploadId, Initiated: mtime.toISOString() });
  }
  context.status = 200;
  context.body = { ListMultipartUploadsResult: { IsTruncated: false, Upload: found } };
}

/** Few at a time, so that asking for more is tried too. */
const partsAtOnce = 3;

async function parts(uploads: Uploads, context: S3Context): Promise<void> {
  const folder = await known(uploads, context);
  const after = Number(context.query['part-number-marker'] ?? 0);
  const numbers = (await readdir(folder))
    .filter((name) => /^\d+\.md5$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .filter((number) => number > after)
    .sort((one, other) => one - other);
  const shown = numbers.slice(0, partsAtOnce);
  const Part = await Promise.all(
    shown.map(async (PartNumber) => ({
      PartNumber,
      Size: (await stat(path.join(folder, String(PartNumber)))).size,
      ETag: `"${await readFile(path.join(folder, `${PartNumber}.md5`), 'utf8')}"`,
    })),
  );
  const IsTruncated = numbers.length > shown.length;
  const NextPartNumberMarker = shown.at(-1) ?? 0;
  context.status = 200;
  context.body = { ListPartsResult: { IsTruncated, NextPartNumberMarker, Part } };
}
