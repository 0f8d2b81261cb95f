// A process of its own that publishes to a channel, so that a test can kill it at any moment.
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { folderBlobs } from '../tools/ground.ts';
import { contextFor, youtubeAt } from './youtubeGround.ts';

interface Errand {
  readonly does: 'publish' | 'unpublish';
  readonly url: string;
  readonly blobs: string;
  readonly execution: string;
  readonly config: unknown;
  readonly parcel: Parcel;
  readonly undo: unknown;
  /** The file that stands for the journal. */
  readonly journal: string;
}

const errand = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Errand;
const target = youtubeAt(errand.url);
const ground = { workspace: '/', blobs: folderBlobs(errand.blobs) };
const note = async (value: unknown) => {
  await writeFile(`${errand.journal}.new`, JSON.stringify(value));
  await rename(`${errand.journal}.new`, errand.journal);
};
const context = contextFor(ground, errand.execution, { note });
process.stdout.write('ready\n');
const outcome =
  errand.does === 'publish'
    ? await target.publish(errand.parcel, target.config.parse(errand.config), context)
    : await target.unpublish(errand.undo, context);
process.stdout.write(outcome.ok ? 'done\n' : `${outcome.failure.what}\n`);
