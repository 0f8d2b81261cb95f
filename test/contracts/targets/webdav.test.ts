import path from 'node:path';
import { webdav } from '../../../server/adapters/targets/webdav.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { startWebdav } from '../../servers/webdav.ts';
import { diskOf, smallDisk } from './disk.ts';
import type { RemoteServer } from './remoteCase.ts';
import { remoteSuite } from './remoteSuite.ts';

remoteSuite({
  name: 'webdav',
  target: webdav as Target,
  start: async () => {
    const server = await startWebdav();
    const { user, password, port, root } = server;
    const at = (folder: string, through = port) => `http://127.0.0.1:${through}/${folder}`;
    const small = path.join(root, 'dav/small');
    const disk = await smallDisk(small);
    const full = {
      config: (folder: string) => ({ folder: at(`dav/small/${folder}`), user }),
      ...diskOf(small),
    };
    const remote: RemoteServer = {
      port,
      config: (folder, through) => ({ folder: at(`dav/${folder}`, through), user }),
      credential: { password },
      reader: {
        config: (folder) => ({ folder: at(`fixed/${folder}`), user }),
        ...diskOf(path.join(root, 'fixed')),
      },
      ...(disk ? { full } : {}),
      ...diskOf(path.join(root, 'dav')),
      close: async () => {
        await disk?.[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
    return remote;
  },
  wrong: { credential: { password: 'not the right one' }, kind: 'auth' },
  wrongConfig: { folder: 'https://user:word@example.org/path', user: 'anna' },
});
