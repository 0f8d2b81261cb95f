import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ftp } from '../../server/adapters/targets/ftp.ts';
import { s3 } from '../../server/adapters/targets/s3.ts';
import type { Credential, Parcel, Target, TargetContext } from '../../server/core/ports/target.ts';
import type { Family } from '../family.ts';
import { storeIn } from '../journalStage.ts';
import { median, type Row, rowOf } from '../row.ts';

const smallFiles = 300;
const smallSize = 6_000;
const largeSize = 20_000_000;
const rounds = 3;
/** Uploads that the library is given at once: as many as we have. */
const atOnce = 8;

/** How fast a site is published, beside what the makers of each service give for it. */
export const targets: Family = {
  name: 'targets',
  measure: async ({ folder: parent }, note) => {
    const folder = path.join(parent, 'targets');
    await mkdir(path.join(folder, 'buckets'), { recursive: true });
    const store = await storeIn(folder);
    const site: Site = { folder, blobs: store.blobs, parcel: await parcelIn(folder, store.blobs) };
    const rows = [await intoBucket(site)];
    if (existsSync('/usr/sbin/sshd') && existsSync('/usr/bin/sftp')) rows.push(await bySftp(site));
    else note('publishing by SFTP: openssh-server and openssh-client are not installed');
    await store.close();
    return rows;
  },
};

/** What is published. */
interface Site {
  readonly folder: string;
  readonly blobs: TargetContext['blobs'];
  readonly parcel: Parcel;
}

async function intoBucket({ folder, blobs, parcel }: Site): Promise<Row> {
  await using service = await started('s3Process.ts', path.join(folder, 'buckets'));
  const endpoint = `http://127.0.0.1:${Number(service.said)}`;
  const ours = (prefix: string) => {
    const config = s3.config.parse({ bucket: 'site', endpoint, prefix });
    return publish(s3 as Target, config, { credential: key, blobs, parcel, execution: prefix });
  };
  const theirs = (prefix: string) => uploadAll(endpoint, prefix, parcel, folder);
  return await compared('into a bucket', ours, theirs, 1.5);
}

async function bySftp({ folder, blobs, parcel }: Site): Promise<Row> {
  await using service = await started('sshdProcess.ts');
  const server = JSON.parse(service.said) as SshServer;
  const keyFile = path.join(folder, 'key');
  await writeFile(keyFile, server.key, { mode: 0o600 });
  const { port, user, home, fingerprint } = server;
  const ours = (name: string) => {
    const at = { protocol: 'sftp', host: '127.0.0.1', port, user, folder: path.join(home, name) };
    const credential = { privateKey: server.key, fingerprint };
    return publish(ftp as Target, ftp.config.parse(at), { credential, blobs, parcel, execution: name });
  };
  const theirs = async (name: string) => {
    const puts = parcel.files.map((file) => `put ${path.join(folder, 'files', file.path)}`);
    const batch = path.join(folder, 'batch');
    const at = path.join(home, name);
    await writeFile(batch, `${[`mkdir ${at}`, `cd ${at}`, ...puts].join('\n')}\n`);
    const trust = [
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'LogLevel=ERROR',
    ];
    const line = ['-q', '-b', batch, '-P', String(port), '-i', keyFile, ...trust, `${user}@127.0.0.1`];
    const child = spawn('/usr/bin/sftp', line, { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`sftp ended with ${code}`);
  };
  return await compared('by SFTP', ours, theirs, 2.5);
}

interface SshServer {
  readonly port: number;
  readonly user: string;
  readonly home: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** Both in turn, some times, and the middle of each. */
async function compared(
  how: string,
  ours: (name: string) => Promise<void>,
  theirs: (name: string) => Promise<void>,
  timesFloor: number,
): Promise<Row> {
  const took = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    took.theirs.push(await timed(() => theirs(`theirs-${round}`)));
    took.ours.push(await timed(() => ours(`ours-${round}`)));
  }
  return rowOf({
    name: `publishing ${smallFiles} small files and one of 20 MB ${how}`,
    value: median(took.ours),
    unit: 'ms',
    floor: median(took.theirs),
    limit: { timesFloor },
  });
}

const key = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

async function publish(
  target: Target,
  config: unknown,
  {
    credential,
    blobs,
    parcel,
    execution,
  }: Omit<Site, 'folder'> & { readonly credential: Credential; readonly execution: string },
): Promise<void> {
  const context: TargetContext = {
    workspace: '/',
    execution,
    signal: new AbortController().signal,
    blobs,
    now: () => Date.now(),
    ownFolders: [],
    credential: async () => credential,
    progress: () => {},
  };
  const outcome = await target.publish(parcel, config, context);
  if (!outcome.ok) throw new Error(outcome.failure.what);
}

async function uploadAll(endpoint: string, prefix: string, { files }: Parcel, folder: string): Promise<void> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: key,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const rest = files.values();
  const worker = async () => {
    for (const file of rest) {
      const Body = createReadStream(path.join(folder, 'files', file.path));
      const params = { Bucket: 'site', Key: `${prefix}/${file.path}`, Body, ContentType: file.mime };
      await new Upload({ client, params }).done();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  client.destroy();
}

async function parcelIn(parent: string, blobs: TargetContext['blobs']): Promise<Parcel> {
  const folder = path.join(parent, 'files');
  await mkdir(folder, { recursive: true });
  const files: Parcel['files'][number][] = [];
  const add = async (name: string, bytes: Buffer, mime: string) => {
    await writeFile(path.join(folder, name), bytes);
    files.push({ path: name, digest: await blobs.put(bytes), size: bytes.length, mime });
  };
  await add('film.mp4', randomBytes(largeSize), 'video/mp4');
  for (let index = 0; index < smallFiles; index++) {
    await add(`page-${index}.html`, randomBytes(smallSize), 'text/html');
  }
  return { deliverable: 'site', title: 'Site', files };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** A server of the tests in a process of its own, with the line that it says when it is ready. */
async function started(program: string, ...args: string[]): Promise<{ said: string } & AsyncDisposable> {
  const file = path.join(import.meta.dirname, '../../test/servers', program);
  const child = spawn(process.execPath, ['--openssl-legacy-provider', file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)]);
  if (!first) throw new Error(`${program} did not start`);
  return {
    said: String(first[0]),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
