import path from 'node:path';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { startSshd } from '../../servers/sshd.ts';
import { diskOf } from './disk.ts';
import { remoteSuite } from './remoteSuite.ts';

remoteSuite({
  name: 'sftp',
  target: ftp as Target,
  start: async () => {
    const server = await startSshd();
    const { port, user, home, keys, fingerprint } = server;
    const config = (folder: string, through?: number) => ({
      protocol: 'sftp',
      host: '127.0.0.1',
      port: through ?? port,
      user,
      folder: path.join(home, folder),
    });
    const credential = { privateKey: keys.ed25519, fingerprint };
    return {
      port,
      config,
      credential,
      wrong: { credential: { password: 'not the right one', fingerprint }, kind: 'auth' },
      reader: { config: { ...config(''), folder: '/sys/butler-site' }, credential },
      ...diskOf(home),
      close: async () => server[Symbol.asyncDispose](),
    };
  },
  wrongConfig: { protocol: 'sftp', host: '127.0.0.1', user: 'a b', folder: 'site' },
});
