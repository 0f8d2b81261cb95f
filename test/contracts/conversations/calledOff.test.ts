import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { Butler } from '../../../server/main/compose.ts';
import { answer } from '../../../server/main/handlers.ts';
import { failures, good, type Outcome } from '../../../server/protocol/failure.ts';
import { type UndoReport, undoJob } from '../../../server/protocol/job.ts';
import { checkTarget } from '../../../server/protocol/target.ts';
import { calls, says, scripted } from './crew.ts';
import { savesFilm, uploadersOfEachTest } from './uploaders.ts';

/** Configs that lead to a port of this machine. */
const places: Readonly<Record<string, (port: number) => Record<string, string | number>>> = {
  webdav: (port) => ({ folder: `http://127.0.0.1:${port}/dav`, user: 'anna' }),
  s3: (port) => ({ bucket: 'site', endpoint: `http://127.0.0.1:${port}` }),
  github: (port) => ({ repository: 'octo/site', api: `http://127.0.0.1:${port}` }),
  gist: (port) => ({ api: `http://127.0.0.1:${port}` }),
  ftp: (port) => ({ protocol: 'ftp', host: '127.0.0.1', port, user: 'anna', folder: 'site' }),
};

const publishes = calls('publish');
const credentials = { password: 'p', token: 't', accessKeyId: 'id', secretAccessKey: 'k' };

describe('a request that its client calls off while a server keeps silent', () => {
  const { crew, stage, service, door, parts } = uploadersOfEachTest(10_000);
  const butler = (): Butler => ({ ...stage.butler, ...parts() });
  const publishedTwice = async () => {
    const { provider } = scripted(savesFilm, publishes, savesFilm, publishes, says('There.'));
    crew.work('one', { ...parts(), provider });
    const job = await stage.hand('films', 'Publish it twice');
    for (let times = 0; times < 2; times++) await stage.decide(await stage.question(job), 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    return job;
  };

  it('ends with what was taken back and what was not, and is done by asking again', async () => {
    const job = await publishedTwice();
    const undo = async (signal?: AbortSignal) => {
      const params = { id: job.id };
      const undone = await answer(butler(), undoJob.method, params, 'person:test', signal);
      assert.ok(undone.ok, JSON.stringify(undone));
      return undone.value as UndoReport;
    };
    const { signal, stop } = stoppable();
    const silent = door.silentAfter(1);
    const report = undo(signal);
    await silent;
    stop();
    const { undone, conflicts } = await report;
    assert.deepEqual(
      [undone.length, conflicts.map(({ failure }) => failure.kind)],
      [0, ['cancelled', 'cancelled']],
    );
    assert.equal(service.videos.size, 2);
    door.mend();
    assert.deepEqual((await undo()).conflicts, []);
    assert.equal(service.videos.size, 0);
  });

  for (const [type, configAt] of Object.entries(places)) {
    it(`ends though ${type} was only asked whether it can be published to`, async () => {
      const { server, port, met } = await silentServer();
      const { signal, stop } = stoppable();
      const known = { ...stage.butler, credential: async () => credentials };
      const params = { type, config: configAt(port) };
      const ended: Promise<Outcome<unknown>> = answer(
        known,
        checkTarget.method,
        params,
        'person:test',
        signal,
      );
      await met;
      stop();
      const { what, mend } = failures.cancelled('Nothing was published.');
      assert.deepEqual(await ended, good({ findings: [{ good: false, what, mend }] }));
      server.close();
    });
  }
});

function stoppable(): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort() };
}

/** A server that takes connections and says nothing; `met` once somebody came. */
async function silentServer(): Promise<{ server: net.Server; port: number; met: Promise<unknown> }> {
  const server = net.createServer((socket) => void socket.on('error', () => {}));
  const met = once(server, 'connection');
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port, met };
}
