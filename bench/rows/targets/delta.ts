import type { Parcel } from '../../../server/core/ports/target.ts';
import { rowOf } from '../../row.ts';
import { rounds, timed } from './compared.ts';
import type { Match } from './match.ts';
import { pageOf, parcelOf } from './site.ts';
import { davServer, openDav } from './webdav.ts';

const pages = 2_000;
const size = 2_000;

/** One change published again, beside the first publication of all. */
export const delta: Match = {
  how: 'one change again',
  needs: davServer,
  measure: async ({ blobs }) => {
    await using service = await openDav(blobs);
    const all = Array.from({ length: pages }, (_, index) => pageOf(`page-${index}.html`, size));
    const first = await parcelOf(all, blobs);
    const whole = await timed(() => service.ours('site', first, 'first'));
    const took: number[] = [];
    for (const round of rounds) {
      const [changed] = (await parcelOf([pageOf(`page-${round}.html`, size)], blobs)).files;
      const files = first.files.map((file) => (file.path === changed?.path ? changed : file));
      const next: Parcel = { ...first, files };
      took.push(await timed(() => service.ours('site', next, `again-${round}`)));
    }
    return rowOf({
      name: `publishing ${pages} files by WebDAV again, one of them changed; beside the first time`,
      value: Math.min(...took),
      unit: 'ms',
      floor: whole,
      limit: { timesFloor: 0.4 },
    });
  },
};
