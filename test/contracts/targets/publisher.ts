// A program of its own that publishes or takes back, so that it can die at any of its acts: `node publisher.ts <errand>`.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { TargetContext } from '../../../server/core/ports/target.ts';
import { lap } from '../../support/doom.ts';
import { folderBlobs, value } from '../tools/ground.ts';
import type { Errand } from './errand.ts';
import { youtubeAt } from './youtubeGround.ts';

const errand = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Errand;
const { does, execution, parcel, blobs, workspace = '/' } = errand;
const target = errand.channel
  ? youtubeAt(errand.channel)
  : targets.find(({ name }) => name === errand.target);
if (!target) throw new Error(`There is no target ${errand.target}.`);
const context: TargetContext = {
  workspace,
  execution,
  signal: new AbortController().signal,
  blobs: folderBlobs(blobs),
  now: () => 1,
  ownFolders: [blobs],
  credential: async () => errand.credential,
  progress: () => {},
  noted: does === 'takeUp' ? JSON.parse(await readFile(errand.journal, 'utf8')) : undefined,
  note: async (noted) => {
    await writeFile(`${errand.journal}.new`, JSON.stringify(noted));
    await rename(`${errand.journal}.new`, errand.journal);
  },
};
const config = target.config.parse(errand.config);
const left = does === 'takeUp' ? await target.reconcile(parcel, config, context) : null;
const publish = async () => left ?? value(await target.publish(parcel, config, context));
const undo = does === 'unpublish' ? errand.undo : (await publish()).undo;
if (does === 'both') lap();
if (does === 'both' || does === 'unpublish') value(await target.unpublish(undo, context));
