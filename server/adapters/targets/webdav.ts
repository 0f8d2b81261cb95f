import type { Target } from '../../core/ports/target.ts';
import { good } from '../../protocol/failure.ts';
import { isLoopback } from './http/loopback.ts';
import { remoteTarget } from './remote/remoteTarget.ts';
import { WebdavConfig, webdavAccount, webdavAddress } from './webdav/config.ts';

/** Publishes into a folder of a WebDAV server, as Nextcloud and most web hosts have one. */
export const webdav: Target<WebdavConfig> = remoteTarget<WebdavConfig>({
  name: 'webdav',
  title: 'WebDAV folder',
  about: 'Puts the files into a folder of a WebDAV server, as Nextcloud, a NAS or a web host has one.',
  config: WebdavConfig,
  account: webdavAccount,
  place: {
    open: async (config, { password = '' }, signal) => {
      const { openFolder } = await import('./webdav/folder.ts');
      return good(await openFolder(config, password, signal));
    },
    visibility: ({ url }) => (url ? 'public' : 'server'),
    address: webdavAddress,
    notes: ({ folder }) => {
      const { protocol, host } = new URL(folder);
      if (protocol === 'https:' || isLoopback(new URL(folder))) return [];
      return [
        `The connection to ${host} is not encrypted: others on the way can read the password and the files.`,
      ];
    },
  },
});
