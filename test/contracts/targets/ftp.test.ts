import assert from 'node:assert/strict';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { type FtpServer, startProftpd } from '../../servers/proftpd.ts';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { diskOf } from './disk.ts';
import { parcelOf } from './parcels.ts';
import { remoteBigSuite } from './remoteBigSuite.ts';
import { looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';
import { cutAnywhere } from './remoteCuts.ts';
import { diesAnywhere } from './remoteDeaths.ts';
import { remoteSuite } from './remoteSuite.ts';

type Protocol = 'ftps' | 'ftp' | 'ftps-implicit';

remoteSuite(caseOf('ftps'));

describe('ftp', function () {
  this.timeout(60_000);

  for (const protocol of ['ftp', 'ftps-implicit'] as const) {
    it(`publishes and takes back by ${protocol}, and says when nothing is encrypted`, async () => {
      const one = caseOf(protocol);
      const server = await one.start();
      try {
        await using ground = await makeGround();
        const spot = spotOf(one, server, ground);
        const parcel = await parcelOf(ground, { 'index.html': 'one', 'a/b.txt': '' });
        const plan = value(await one.target.plan(parcel, spot.config, spot.context()));
        const warns = plan.preview.notes?.some((note) => note.includes('unencrypted')) ?? false;
        assert.equal(warns, protocol === 'ftp');
        const { undo } = value(await one.target.publish(parcel, spot.config, spot.context()));
        assert.deepEqual(await spot.standing(), looksLike(parcel));
        value(await one.target.unpublish(undo, spot.context()));
        assert.deepEqual(await server.snapshot(spot.folder), {});
      } finally {
        await server.close();
      }
    });
  }

  describe('without encryption, where the end of a line looks like the end of a file', () => {
    let server: RemoteServer;
    before(async () => {
      server = await caseOf('ftp').start();
    });
    after(() => server?.close());
    diesAnywhere(caseOf('ftp'), () => server, 1);
    cutAnywhere(caseOf('ftp'), () => server);
    remoteBigSuite(caseOf('ftp'), () => server);
  });

  describe('with encryption from the first byte', () => {
    let server: RemoteServer;
    before(async () => {
      server = await caseOf('ftps-implicit').start();
    });
    after(() => server?.close());
    remoteBigSuite(caseOf('ftps-implicit'), () => server);
  });

  it('sends no password to a server whose certificate nobody vouches for, nor to one without TLS', async () => {
    await using server = await startProftpd();
    await using ground = await makeGround();
    const strange = { ...serverOf(server, 'ftps').config('site'), certificate: undefined };
    const one = caseOf('ftps');
    const spot = spotOf(one, { ...serverOf(server, 'ftps'), config: () => strange }, ground);
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    assert.equal(kindOf(await one.target.publish(parcel, spot.config, spot.context())), 'denied');
  });
});

function caseOf(protocol: Protocol): RemoteCase {
  return {
    name: protocol,
    target: ftp as Target,
    start: async () => serverOf(await startProftpd(), protocol),
    wrong: { credential: { password: 'not the right one' }, kind: 'auth' },
    wrongConfig: { protocol, host: 'a b', user: 'anna', folder: '../up' },
  };
}

function serverOf(server: FtpServer, protocol: Protocol): RemoteServer {
  const port = protocol === 'ftps-implicit' ? server.implicitPort : server.port;
  const config: RemoteServer['config'] = (folder, through) => ({
    protocol,
    host: through === undefined ? '127.0.0.1' : server.beside.host,
    port: through ?? port,
    user: server.user,
    folder,
    ...(protocol === 'ftp' ? {} : { certificate: server.authority }),
  });
  const credential = { password: server.password };
  return {
    port,
    beside: server.beside,
    config,
    credential,
    reader: { config: (folder, through) => ({ ...config(folder, through), user: server.reader }) },
    full: { config: (folder, through) => ({ ...config(folder, through), user: server.small }) },
    ...diskOf(server.home),
    settled: () => server.settled(),
    close: async () => server[Symbol.asyncDispose](),
  };
}
