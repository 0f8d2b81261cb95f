// A process of its own that publishes, so that a test can kill it at any moment.
import { readFile } from 'node:fs/promises';
import { local } from '../../../server/adapters/targets/local.ts';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { folderBlobs } from '../tools/ground.ts';

interface Errand {
  readonly workspace: string;
  readonly blobs: string;
  readonly execution: string;
  readonly parcel: Parcel;
}

const errand = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Errand;
process.stdout.write('ready\n');
const outcome = await local.publish(
  errand.parcel,
  { folder: 'public' },
  {
    workspace: errand.workspace,
    execution: errand.execution,
    signal: new AbortController().signal,
    blobs: folderBlobs(errand.blobs),
    now: () => 0,
    ownFolders: [errand.blobs],
    credential: async () => null,
    progress: () => {},
  },
);
process.stdout.write(outcome.ok ? 'done\n' : `${outcome.failure.what}\n`);
