import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { compared } from './compared.ts';
import type { Match } from './match.ts';
import { publish } from './publish.ts';
import { ran } from './ran.ts';
import type { Site } from './site.ts';
import { started } from './started.ts';

const program = '/usr/bin/lftp';
/** Connections of lftp: as many as we have. */
const atOnce = 4;

/** Beside lftp, with TLS for what is said and for the files. */
export const ftps: Match = {
  how: 'by FTPS',
  needs: { '/usr/sbin/proftpd': 'proftpd-core', [program]: 'lftp' },
  measure: async (site) => {
    const { folder, blobs, parcel } = site;
    await using service = await started('test/servers/proftpdProcess.ts');
    const server = JSON.parse(service.said) as FtpServer;
    const { port, user, password, authority: certificate } = server;
    await writeFile(path.join(folder, 'authority.pem'), certificate);
    const ours = (name: string) => {
      const at = { protocol: 'ftps', host: '127.0.0.1', port, user, folder: name, certificate };
      return publish(ftp, at, { credential: { password }, blobs, parcel, execution: name });
    };
    return await compared('by FTPS', { ours, theirs: (name) => mirror(name, site, server) }, 2.5);
  },
};

interface FtpServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The authority that signed its certificate, as PEM. */
  readonly authority: string;
}

async function mirror(
  name: string,
  { folder, files }: Site,
  { port, user, password }: FtpServer,
): Promise<void> {
  const script = path.join(folder, 'lftp');
  const lines = [
    'set cmd:fail-exit true',
    `set ssl:ca-file ${path.join(folder, 'authority.pem')}`,
    'set ftp:ssl-force true',
    'set ftp:ssl-protect-data true',
    `open -u ${user},${password} -p ${port} 127.0.0.1`,
    `mirror -R --parallel=${atOnce} ${files} ${name}`,
  ];
  await writeFile(script, `${lines.join('\n')}\n`, { mode: 0o600 });
  await ran(program, ['--norc', '-f', script], { HOME: folder });
}
