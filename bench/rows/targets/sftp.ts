import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { compared } from './compared.ts';
import type { Match } from './match.ts';
import { publish } from './publish.ts';
import { ran } from './ran.ts';
import type { Site } from './site.ts';
import { started } from './started.ts';

const program = '/usr/bin/sftp';

/** Beside the program of OpenSSH. */
export const sftp: Match = {
  how: 'by SFTP',
  needs: { '/usr/sbin/sshd': 'openssh-server', [program]: 'openssh-client' },
  measure: async (site) => {
    const { folder, blobs, parcel } = site;
    await using service = await started('test/servers/sshdProcess.ts');
    const server = JSON.parse(service.said) as SshServer;
    const { port, user, home, fingerprint, key } = server;
    await writeFile(path.join(folder, 'key'), key, { mode: 0o600 });
    const ours = (name: string) => {
      const at = { protocol: 'sftp', host: '127.0.0.1', port, user, folder: path.join(home, name) };
      const credential = { privateKey: key, fingerprint };
      return publish(ftp, at, { credential, blobs, parcel, execution: name });
    };
    return await compared('by SFTP', { ours, theirs: (name) => putAll(name, site, server) }, 2.5);
  },
};

interface SshServer {
  readonly port: number;
  readonly user: string;
  readonly home: string;
  readonly key: string;
  readonly fingerprint: string;
}

async function putAll(
  name: string,
  { folder, files, parcel }: Site,
  { port, user, home }: SshServer,
): Promise<void> {
  const puts = parcel.files.map((file) => `put ${path.join(files, file.path)}`);
  const batch = path.join(folder, 'batch');
  const at = path.join(home, name);
  await writeFile(batch, `${[`mkdir ${at}`, `cd ${at}`, ...puts].join('\n')}\n`);
  const settings = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  const options = settings.flatMap((setting) => ['-o', setting]);
  const key = path.join(folder, 'key');
  const line = ['-q', '-b', batch, '-P', String(port), '-i', key, ...options, `${user}@127.0.0.1`];
  await ran(program, line, process.env);
}
