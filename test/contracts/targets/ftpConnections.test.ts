import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ftpConfig } from '../../../server/adapters/targets/ftp/config.ts';
import { mostConnections, openFtpLine } from '../../../server/adapters/targets/ftp/ftpLine.ts';
import { someAtOnce } from '../../../server/adapters/targets/someAtOnce.ts';
import { startProftpd } from '../../servers/proftpd.ts';

describe('connections of FTP', () => {
  it('become more where many short acts wait for each other, though none waits long', async () => {
    await using server = await startProftpd();
    const { user, password, port } = server;
    const config = ftpConfig.parse({ protocol: 'ftp', host: '127.0.0.1', port, user, folder: 'site' });
    const { signal } = new AbortController();
    const opened = await openFtpLine(config, password, signal);
    assert(opened.ok);
    const line = opened.value;
    const used = new Set<unknown>();
    const acts = Array.from({ length: 300 }, (_, index) => index);
    await someAtOnce(acts, mostConnections, signal, () =>
      line.use('wait', signal, async (client) => {
        used.add(client);
        if (used.size < mostConnections) await sleep(10);
      }),
    );
    line.close();
    assert.equal(used.size, mostConnections);
  });
});
