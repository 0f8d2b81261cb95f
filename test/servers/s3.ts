import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';

/** An S3 service of this machine that checks signatures, with the buckets `site` and `second`, and some that refuse. */
export interface S3Server extends AsyncDisposable {
  readonly port: number;
  /** Where its buckets lie on disk. */
  readonly directory: string;
  readonly endpoint: string;
  /** The official client, as an independent witness. */
  readonly witness: S3Client;
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Starts one in a process of its own. */
export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(path.join(tmpdir(), 'butler-s3-'));
  const child = spawn(process.execPath, [legacy, path.join(import.meta.dirname, 's3Process.ts'), directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)]);
  if (!first) throw new Error('the S3 server did not start');
  const port = Number(String(first[0]));
  const endpoint = `http://127.0.0.1:${port}`;
  const key = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const witness = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: key,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  stripSlash(witness);
  return {
    port,
    directory,
    endpoint,
    witness,
    key,
    [Symbol.asyncDispose]: async () => {
      witness.destroy();
      child.stdin.end();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The server makes the tokens of its lists with a cipher that is out of use. */
const legacy = '--openssl-legacy-provider';

/** The server knows buckets only without a `/` at the end of their path. */
function stripSlash(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args as { request?: { path?: string } };
      if (request?.path && /^\/[^/]+\/$/.test(request.path)) request.path = request.path.slice(0, -1);
      return next(args);
    },
    { step: 'build', name: 'stripSlash' },
  );
}
