// A process of its own that publishes or takes back, so that a test can kill it at any moment.
import { readFile } from 'node:fs/promises';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { Credential, Parcel, TargetContext } from '../../../server/core/ports/target.ts';
import { folderBlobs } from '../tools/ground.ts';

interface Errand {
  readonly does: 'publish' | 'unpublish';
  readonly target: string;
  readonly config: unknown;
  readonly credential: Credential;
  readonly blobs: string;
  readonly execution: string;
  readonly parcel: Parcel;
  readonly undo: unknown;
}

const errand = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Errand;
const target = targets.find(({ name }) => name === errand.target);
if (!target) throw new Error(`There is no target ${errand.target}.`);
const context: TargetContext = {
  workspace: '/',
  execution: errand.execution,
  signal: new AbortController().signal,
  blobs: folderBlobs(errand.blobs),
  now: () => 1,
  ownFolders: [errand.blobs],
  credential: async () => errand.credential,
  progress: () => {},
};
const config = target.config.parse(errand.config);
process.stdout.write('ready\n');
const outcome =
  errand.does === 'publish'
    ? await target.publish(errand.parcel, config, context)
    : await target.unpublish(errand.undo, context);
process.stdout.write(outcome.ok ? 'done\n' : `${outcome.failure.what}\n`);
