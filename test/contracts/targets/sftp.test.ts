import path from 'node:path';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { startSshd } from '../../servers/sshd.ts';
import { diskOf, smallDisk } from './disk.ts';
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
    const small = path.join(home, 'small');
    const disk = await smallDisk(small);
    const full = { config: (folder: string) => config(`small/${folder}`), ...diskOf(small) };
    const credential = { privateKey: keys.ed25519, fingerprint };
    return {
      port,
      config,
      credential,
      wrong: { credential: { password: 'not the right one', fingerprint }, kind: 'auth' },
      reader: {
        config: (folder: string) => ({ ...config(''), folder: `/sys/${folder}` }),
        ...diskOf('/sys'),
      },
      ...(disk ? { full } : {}),
      ...diskOf(home),
      close: async () => {
        await disk?.[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  },
  wrongConfig: { protocol: 'sftp', host: '127.0.0.1', user: 'a b', folder: 'site' },
});
