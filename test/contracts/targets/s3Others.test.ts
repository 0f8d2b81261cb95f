import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from '../../../server/adapters/targets/s3.ts';
import { type S3Server, startS3 } from '../../servers/s3.ts';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

describe('what others have in a bucket', () => {
  let server: S3Server;
  before(async () => {
    server = await startS3();
  });
  after(() => server[Symbol.asyncDispose]());

  it('is taken back where it was written over, with all that browsers are told of it, and what its owner noted', async () => {
    const at = { Bucket: 'site', Key: 'theirs/page.txt' };
    const told = {
      ContentType: 'text/html; charset=latin1',
      ContentEncoding: 'gzip',
      ContentLanguage: 'fr',
      ContentDisposition: 'inline; filename="a b.html"',
      CacheControl: 'max-age=5',
      Metadata: { owner: 'others', note: 'kept as it is' },
    };
    const Body = gzipSync('by others');
    await server.witness.send(new PutObjectCommand({ ...at, ...told, Body, ContentLength: Body.length }));
    const facts = async () => {
      const {
        LastModified: _1,
        $metadata: _2,
        ...rest
      } = await server.witness.send(new HeadObjectCommand(at));
      return rest;
    };
    const before = await facts();
    assert.equal(before.ContentEncoding, 'gzip');
    await using ground = await makeGround();
    const context = { ...contextOf(ground), credential: async () => server.key };
    const config = s3.config.parse({ bucket: 'site', prefix: 'theirs', endpoint: server.endpoint });
    const parcel = await parcelOf(ground, { 'page.txt': 'ours' });
    const { undo } = value(await s3.publish(parcel, config, context));
    const between = await facts();
    assert.equal(between.ContentEncoding, undefined);
    assert.equal(between.ContentType, 'text/plain; charset=utf-8');
    value(await s3.unpublish(undo, context));
    const { 'butler-digest': _, ...noted } = (await facts()).Metadata ?? {};
    assert.deepEqual({ ...(await facts()), Metadata: noted }, before);
  });

  for (const [what, second] of [
    ['written over', { 'film.bin': 'new film', 'index.html': 'new' }],
    ['deleted', { 'film.bin': 'new film' }],
  ] as const) {
    it(`is not ${what} where they changed it while large files were on their way`, async () => {
      await using ground = await makeGround();
      const context = { ...contextOf(ground), credential: async () => server.key };
      const config = s3.config.parse({ bucket: 'site', prefix: what, endpoint: server.endpoint });
      const first = await parcelOf(ground, { 'film.bin': 'film', 'index.html': 'old' });
      value(await s3.publish(first, config, context));
      const textOf = async (name: string) => {
        const found = await server.witness.send(
          new GetObjectCommand({ Bucket: 'site', Key: `${what}/${name}` }),
        );
        return found.Body?.transformToString();
      };
      const { blobs } = ground;
      const parcel = await parcelOf(ground, second);
      const open: typeof blobs.open = async (digest, from) => {
        const Body = 'by others just now';
        if (digest === parcel.files[0]?.digest)
          await server.witness.send(
            new PutObjectCommand({
              Bucket: 'site',
              Key: `${what}/index.html`,
              Body,
              ContentLength: Body.length,
            }),
          );
        return blobs.open(digest, from);
      };
      const next = { ...contextOf(ground), credential: async () => server.key, blobs: { ...blobs, open } };
      const outcome = await s3.publish(parcel, config, next);
      assert.equal(await textOf('index.html'), 'by others just now');
      assert.equal(kindOf(outcome), 'conflict');
      assert.equal(await textOf('film.bin'), 'film');
    });
  }
});
