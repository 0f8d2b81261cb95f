// A process of its own that publishes, so that a test can kill it at any moment.
import { readFile } from 'node:fs/promises';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { folderBlobs } from '../tools/ground.ts';

interface Errand {
  readonly target: string;
  readonly blobs: string;
  readonly execution: string;
  readonly parcel: Parcel;
  readonly config: unknown;
  readonly token: string;
}

const errand = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Errand;
const target = targets.find((one) => one.name === errand.target);
process.stdout.write('ready\n');
const outcome = await target?.publish(errand.parcel, target.config.parse(errand.config), {
  workspace: errand.blobs,
  execution: errand.execution,
  signal: new AbortController().signal,
  blobs: folderBlobs(errand.blobs),
  now: () => 1,
  ownFolders: [errand.blobs],
  credential: async () => ({ token: errand.token }),
  progress: () => {},
});
process.stdout.write(outcome?.ok ? 'done\n' : `${outcome?.failure.what}\n`);
