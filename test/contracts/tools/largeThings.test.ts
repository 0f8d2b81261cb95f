import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import path from 'node:path';
import { blobImages } from '../../../server/adapters/tools/files/entry.ts';
import type { Step } from '../../../server/adapters/tools/files/things.ts';
import { type TurnParts, turn } from '../../../server/adapters/tools/files/turn.ts';
import { type Ground, kindOf, makeGround, value } from './ground.ts';

const mebibyte = 1024 * 1024;

describe('a large file that is made of what is kept', () => {
  const partsOf = (ground: Ground, images = blobImages(ground.blobs)): TurnParts => ({
    root: ground.workspace,
    images,
    execution: 'execution-1',
    editor: null,
    signal: new AbortController().signal,
  });
  const filmOf = async ({ blobs }: Ground): Promise<Step> => {
    const digest = await blobs.put(Buffer.alloc(3 * mebibyte, 'film '));
    return { name: 'film.mp4', before: null, after: { kind: 'file', digest, mode: 0o644 } };
  };

  it('is written piece by piece, and never held whole', async () => {
    await using ground = await makeGround();
    const step = await filmOf(ground);
    const whole = async () => assert.fail('it was read whole');
    const images = { ...blobImages(ground.blobs), get: whole };
    value(await turn([step], 'redo', partsOf(ground, images)));
    assert.deepEqual(await ground.read('film.mp4'), Buffer.alloc(3 * mebibyte, 'film '));
  });

  it('is left alone, though nobody can hold what stands there by now', async () => {
    await using ground = await makeGround();
    const step = await filmOf(ground);
    await ground.write('film.mp4', 'another one');
    await truncate(path.join(ground.workspace, 'film.mp4'), 3000 * mebibyte);
    assert.equal(kindOf(await turn([step], 'undo', partsOf(ground))), 'conflict');
  });
});
