import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { s3 } from '../../../server/adapters/targets/s3.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { type S3Server, startS3 } from '../../servers/s3.ts';
import { killCount } from '../../support/killCount.ts';
import { makeGround } from '../tools/ground.ts';
import { playDeaths } from './deaths.ts';
import { contextOf, parcelOf } from './parcels.ts';

const kills = killCount(2);

describe('a process that dies while a large file goes into a bucket', function () {
  this.timeout(60_000 + kills * 20_000);
  let server: S3Server;
  before(async () => {
    server = await startS3();
  });
  after(() => server[Symbol.asyncDispose]());

  it('leaves a publication that is ended or was never there, and no unfinished upload either way', async () => {
    await using ground = await makeGround();
    await playDeaths(kills, async (round) => {
      const prefix = `round-${round}`;
      const film = randomBytes(20_000_000);
      const digest = await ground.blobs.put(film);
      const { files } = await parcelOf(ground, { 'index.html': `page of ${prefix}` });
      const file = { path: 'film.mp4', digest, size: film.length, mime: 'video/mp4' };
      return {
        target: s3 as Target,
        config: s3.config.parse({ bucket: 'site', prefix, endpoint: server.endpoint }),
        parcel: { deliverable: 'd', title: 'Film', files: [file, ...files] },
        context: { ...contextOf(ground), credential: async () => server.key },
        given: { credential: server.key, blobs: path.join(ground.workspace, '../own') },
        isRight: async (stands) => {
          const whole = ['.butler-publish.json', 'film.mp4', 'index.html'].map((one) => `${prefix}/${one}`);
          assert.deepEqual(await keysOf(prefix), stands ? whole : [], `round ${round}`);
          if (stands) assert.equal(await digestOf(`${prefix}/film.mp4`), digest);
          assert.deepEqual(await unfinished(prefix), [], `round ${round}`);
        },
      };
    });
  });

  async function digestOf(Key: string): Promise<string> {
    const { Body } = await server.witness.send(new GetObjectCommand({ Bucket: 'site', Key }));
    return hash('sha256', (await Body?.transformToByteArray()) ?? '');
  }

  async function unfinished(Prefix: string): Promise<unknown[]> {
    const { Uploads } = await server.witness.send(
      new ListMultipartUploadsCommand({ Bucket: 'site', Prefix }),
    );
    return Uploads ?? [];
  }

  async function keysOf(prefix: string): Promise<string[]> {
    const page = await server.witness.send(
      new ListObjectsV2Command({ Bucket: 'site', Prefix: `${prefix}/` }),
    );
    return (page.Contents ?? []).map(({ Key = '' }) => Key).sort();
  }
});
