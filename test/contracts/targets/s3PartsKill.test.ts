import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { s3 } from '../../../server/adapters/targets/s3.ts';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { type S3Server, startS3 } from '../../servers/s3.ts';
import { killedAfter } from '../../support/killedChild.ts';
import { makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const kills = Number(process.env.BUTLER_KILLS === 'all' ? 50 : (process.env.BUTLER_KILLS ?? 2));

describe('a process that dies while a large file goes into a bucket', function () {
  this.timeout(60_000 + kills * 20_000);
  let server: S3Server;
  before(async () => {
    server = await startS3();
  });
  after(() => server[Symbol.asyncDispose]());

  it('leaves a publication that is ended or was never there, and no unfinished upload either way', async () => {
    await using ground = await makeGround();
    let span = 0;
    for (let round = 0; round <= kills; round++) {
      const prefix = `round-${round}`;
      const config = s3.config.parse({ bucket: 'site', prefix, endpoint: server.endpoint });
      const film = randomBytes(20_000_000);
      const digest = await ground.blobs.put(film);
      const { files } = await parcelOf(ground, { 'index.html': `page of ${prefix}` });
      const file = { path: 'film.mp4', digest, size: film.length, mime: 'video/mp4' };
      const parcel: Parcel = { deliverable: 'd', title: 'Film', files: [file, ...files] };
      const context = { ...contextOf(ground), execution: prefix, credential: async () => server.key };
      const errand = {
        does: 'publish',
        target: 's3',
        execution: prefix,
        parcel,
        config,
        credential: server.key,
      };
      const blobs = path.join(ground.workspace, '../own');
      const moment = round === 0 ? 60_000 : Math.random() * span;
      span = Math.max(
        span,
        await doAndKill(path.join(ground.outside, 'errand'), { ...errand, blobs }, moment),
      );
      const found = await s3.reconcile(parcel, config, context);
      const keys = await keysOf(prefix);
      if (!found) assert.deepEqual(keys, [], `round ${round}`);
      else {
        assert.deepEqual(
          keys,
          ['.butler-publish.json', 'film.mp4', 'index.html'].map((one) => `${prefix}/${one}`),
        );
        const there = await server.witness.send(
          new GetObjectCommand({ Bucket: 'site', Key: `${prefix}/film.mp4` }),
        );
        assert.equal(hash('sha256', (await there.Body?.transformToByteArray()) ?? ''), digest);
        value(await s3.unpublish(found.undo, context));
        assert.deepEqual(await keysOf(prefix), []);
      }
      const { Uploads } = await server.witness.send(
        new ListMultipartUploadsCommand({ Bucket: 'site', Prefix: prefix }),
      );
      assert.deepEqual(Uploads ?? [], [], `round ${round}`);
    }
  });

  async function keysOf(prefix: string): Promise<string[]> {
    const page = await server.witness.send(
      new ListObjectsV2Command({ Bucket: 'site', Prefix: `${prefix}/` }),
    );
    return (page.Contents ?? []).map(({ Key = '' }) => Key).sort();
  }
});

/** Publishes in a process of its own and kills it after a while; answers how long it took when it was let be. */
async function doAndKill(file: string, errand: object, moment: number): Promise<number> {
  await writeFile(file, JSON.stringify(errand));
  return killedAfter(path.join(import.meta.dirname, 'remotePublisher.ts'), file, moment);
}
