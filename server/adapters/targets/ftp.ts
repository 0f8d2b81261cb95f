import type * as z from 'zod';
import type { Target } from '../../core/ports/target.ts';
import { type FtpConfig, ftpAccount, ftpAddress, ftpConfig, ftpUrl } from './ftp/config.ts';
import type { HostKey } from './ftp/hostKeys.ts';
import type { RemotePlace } from './remote/remoteFolder.ts';
import { remoteTarget } from './remote/remoteTarget.ts';

/** Publishes into a folder of a server by SFTP, FTP over TLS or plain FTP. */
export const ftp: Target<FtpConfig> = remoteTarget({
  name: 'ftp',
  title: 'SFTP or FTP server',
  about: 'Uploads the files into a folder of a server by SFTP, FTPS or FTP, as web hosts offer it.',
  config: ftpConfig as z.ZodType<FtpConfig>,
  account: ftpAccount,
  place: place(),
});

function place(): RemotePlace<FtpConfig> {
  const confirmed = new Map<string, readonly HostKey[]>();
  return {
    address: ftpAddress,
    open: async (config, credential, signal, workspace) => {
      const at = { config, address: ftpAddress(config), url: (path: string) => ftpUrl(config, path) };
      if (config.protocol === 'sftp') {
        const { openSftpFolder } = await import('./ftp/sftpFolder.ts');
        return openSftpFolder(at, credential, { workspace, confirmed }, signal);
      }
      const { openFtpFolder } = await import('./ftp/ftpFolder.ts');
      return openFtpFolder(at, credential, signal);
    },
    notes: ({ protocol }) =>
      protocol === 'ftp'
        ? [
            'Plain FTP sends the password and the files unencrypted: anybody on the way can read and change them.',
          ]
        : [],
    visibility: ({ url }) => (url ? 'public' : 'server'),
  };
}
