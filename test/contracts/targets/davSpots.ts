import path from 'node:path';
import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { WebdavConfig } from '../../../server/adapters/targets/webdav/config.ts';
import { openFolder } from '../../../server/adapters/targets/webdav/folder.ts';
import { webdav } from '../../../server/adapters/targets/webdav.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { startWebdav, type WebdavServer } from '../../servers/webdav.ts';
import { type Ground, makeGround } from '../tools/ground.ts';
import { diskOf } from './disk.ts';
import { type RemoteServer, type Spot, spotOf } from './remoteCase.ts';

/** Folders of one WebDAV server, for what is the same in every folder elsewhere. */
export interface DavSpots {
  /** Does something with a fresh folder. */
  inSpot(work: (spot: Spot, ground: Ground) => Promise<void>): Promise<void>;
  /** One more fresh folder. */
  spotIn(ground: Ground): Spot;
  /** The folder of a spot as a publication has it, to be closed. */
  open(spot: Spot): Promise<RemoteFolder>;
  put: RemoteServer['put'];
  /** Where a file of a spot lies on the disk of the server. */
  at(spot: Spot, name: string): string;
}

/** Starts the server before the tests of a `describe`, and ends it after them. */
export function davSpots(): DavSpots {
  let davs: WebdavServer;
  let server: RemoteServer;
  before(async () => {
    davs = await startWebdav();
    const { port, user, password, root } = davs;
    server = {
      port,
      config: (folder) => ({ folder: `http://127.0.0.1:${port}/dav/${folder}`, user }),
      credential: { password },
      ...diskOf(path.join(root, 'dav')),
      close: async () => {},
    };
  });
  after(() => davs[Symbol.asyncDispose]());
  const spotIn = (ground: Ground) =>
    spotOf(
      { name: 'webdav', target: webdav as Target, start: async () => server, wrongConfig: {} },
      server,
      ground,
    );
  return {
    spotIn,
    inSpot: async (work) => {
      await using ground = await makeGround();
      await work(spotIn(ground), ground);
    },
    open: (spot) => openFolder(WebdavConfig.parse(spot.config), davs.password, spot.context().signal),
    put: (folder, name, content) => server.put(folder, name, content),
    at: (spot, name) => path.join(davs.root, 'dav', spot.folder, name),
  };
}
