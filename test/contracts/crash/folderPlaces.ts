import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startProftpd } from '../../servers/proftpd.ts';
import { startS3Remote } from '../../servers/s3Remote.ts';
import { startSshd } from '../../servers/sshd.ts';
import { startWebdav } from '../../servers/webdav.ts';
import type { Crew } from '../conversations/crew.ts';
import { diskOf } from '../targets/disk.ts';
import { snapshotOf } from '../tools/ground.ts';
import { withoutMarker } from './markers.ts';
import type { Place } from './place.ts';

/** Of a person, beside what is published. */
const [beside, mine] = ['CNAME', 'mine'];

/** A folder of the workspace where a file of a person lies. */
export async function inFolder({ stage }: Crew): Promise<Place> {
  const above = path.join(stage.workspace, 'web');
  await mkdir(path.join(above, 'public'), { recursive: true });
  await writeFile(path.join(above, 'public', beside), mine);
  return {
    target: { type: 'local', config: { folder: 'web/public' } },
    values: null,
    folder: above,
    stands: async () => withoutMarker(await snapshotOf(above)),
    close: async () => {},
  };
}

/** A bucket where a file of a person lies beside. */
export async function onS3(): Promise<Place> {
  const server = await startS3Remote();
  await server.put('docs', beside, mine);
  return {
    target: { type: 's3', config: server.config('docs') as Record<string, string> },
    values: {
      accessKeyId: server.credential.accessKeyId ?? '',
      secretAccessKey: server.credential.secretAccessKey ?? '',
    },
    stands: async () => withoutMarker(await server.snapshot('docs')),
    close: () => server.close(),
  };
}

/** A folder of an SSH server where a file of a person lies beside. */
export async function onSftp(): Promise<Place> {
  const { port, user, home, keys, fingerprint, ...server } = await startSshd();
  const { put, snapshot } = diskOf(home);
  await put('docs', beside, mine);
  const at = { host: '127.0.0.1', port, user, folder: path.join(home, 'docs') };
  return {
    target: { type: 'ftp', config: { protocol: 'sftp', ...at } },
    values: { privateKey: keys.ed25519, fingerprint },
    stands: async () => withoutMarker(await snapshot('docs')),
    close: async () => server[Symbol.asyncDispose](),
  };
}

/** A folder of an FTP server where a file of a person lies beside, over one of its wires. */
export const onFtp = (protocol: 'ftp' | 'ftps' | 'ftps-implicit') => async (): Promise<Place> => {
  const server = await startProftpd();
  const { put, snapshot } = diskOf(server.home);
  await put('docs', beside, mine);
  const port = protocol === 'ftps-implicit' ? server.implicitPort : server.port;
  const trusted = protocol === 'ftp' ? {} : { certificate: server.authority };
  const at = { host: '127.0.0.1', port, user: server.user, folder: 'docs' };
  return {
    target: { type: 'ftp', config: { protocol, ...at, ...trusted } },
    values: { password: server.password },
    stands: async () => {
      await server.settled();
      return withoutMarker(await snapshot('docs'));
    },
    close: async () => server[Symbol.asyncDispose](),
  };
};

/** A folder of a WebDAV server where a file of a person lies beside. */
export async function onWebdav(): Promise<Place> {
  const server = await startWebdav();
  const { put, snapshot } = diskOf(path.join(server.root, 'dav'));
  await put('docs', beside, mine);
  const folder = `http://127.0.0.1:${server.port}/dav/docs`;
  return {
    target: { type: 'webdav', config: { folder, user: server.user } },
    values: { password: server.password },
    stands: async () => withoutMarker(await snapshot('docs')),
    close: async () => server[Symbol.asyncDispose](),
  };
}
