import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { webdav as target } from '../../../server/adapters/targets/webdav.ts';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { compared, moreRounds } from './compared.ts';
import type { Match } from './match.ts';
import { publish } from './publish.ts';
import { ran } from './ran.ts';
import type { Site } from './site.ts';
import { started } from './started.ts';

const program = '/usr/bin/curl';
/** Uploads of curl at a time: as many as we have. */
const atOnce = 6;

/** What a server of its own wants. */
export const davServer = {
  '/usr/sbin/lighttpd': 'lighttpd',
  '/usr/lib/lighttpd/mod_webdav.so': 'lighttpd-mod-webdav',
};

/** Beside curl, which asks once for each file where we ask twice: it sends them under the names that people see. */
export const webdav: Match = {
  how: 'by WebDAV',
  needs: { ...davServer, [program]: 'curl' },
  measure: async (site) => {
    await using service = await openDav(site.blobs);
    const ours = (name: string) => service.ours(name, site.parcel);
    const theirs = (name: string) => putAll(name, site, service);
    return await compared('by WebDAV', { ours, theirs }, 4.5, moreRounds);
  },
};

/** A server of its own, and how we publish to it. */
export async function openDav(blobs: Site['blobs']) {
  const service = await started('test/servers/webdavProcess.ts');
  const server = JSON.parse(service.said) as DavServer;
  const { port, user, password } = server;
  return {
    ...server,
    ours: (name: string, parcel: Parcel, execution = name) => {
      const at = { folder: `http://127.0.0.1:${port}/dav/${name}`, user };
      return publish(target, at, { credential: { password }, blobs, parcel, execution });
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

interface DavServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

async function putAll(
  name: string,
  { folder, files, parcel }: Site,
  { port, user, password }: DavServer,
): Promise<void> {
  const place = `http://127.0.0.1:${port}/dav/${name}`;
  const settings = path.join(folder, 'curl');
  const common = [
    `user = "${user}:${password}"`,
    'fail',
    'fail-early',
    'no-progress-meter',
    'output = "/dev/null"',
  ];
  const run = async (lines: readonly string[]) => {
    await writeFile(settings, `${lines.join('\n')}\n`, { mode: 0o600 });
    await ran(program, ['-q', '-K', settings], { HOME: folder });
  };
  await run([...common, 'request = "MKCOL"', `url = "${place}"`]);
  const puts = parcel.files.map(
    (file) => `upload-file = "${path.join(files, file.path)}"\nurl = "${place}/${file.path}"`,
  );
  await run([...common, 'parallel', `parallel-max = ${atOnce}`, ...puts]);
}
