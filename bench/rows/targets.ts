import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Family } from '../family.ts';
import { storeIn } from '../journalStage.ts';
import type { Row } from '../row.ts';
import { bucket } from './targets/bucket.ts';
import { delta } from './targets/delta.ts';
import { ftps } from './targets/ftps.ts';
import { gitHub } from './targets/gitHub.ts';
import type { Match } from './targets/match.ts';
import { sftp } from './targets/sftp.ts';
import { siteIn } from './targets/site.ts';
import { webdav } from './targets/webdav.ts';

/** All of them. */
const matches: readonly Match[] = [bucket, sftp, ftps, webdav, gitHub, delta];

/** How fast a site is published, beside what the makers of each service give for it. */
export const targets: Family = {
  name: 'targets',
  measure: async ({ folder: parent }, note) => {
    const folder = path.join(parent, 'targets');
    await mkdir(folder, { recursive: true });
    const store = await storeIn(folder);
    const site = await siteIn(folder, store.blobs);
    const rows: Row[] = [];
    for (const { how, needs, measure } of matches) {
      const lacking = Object.entries(needs).filter(([file]) => !existsSync(file));
      if (lacking.length === 0) rows.push(await measure(site));
      else note(`publishing ${how}: without ${lacking.map(([, name]) => name).join(' and ')}`);
    }
    await store.close();
    return rows;
  },
};
