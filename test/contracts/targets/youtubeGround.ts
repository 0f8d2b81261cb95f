import { hash, randomBytes } from 'node:crypto';
import type { Addresses } from '../../../server/adapters/targets/youtube/addresses.ts';
import { createYouTube } from '../../../server/adapters/targets/youtube.ts';
import type { Blobs } from '../../../server/core/ports/store.ts';
import type { Credential, Parcel, Target, TargetContext } from '../../../server/core/ports/target.ts';
import { startYouTube } from '../../servers/youtubeServer.ts';
import { ofEachTest } from '../../support/ofEachTest.ts';
import { type Ground, makeGround } from '../tools/ground.ts';

/** What a person kept of the account. */
export const credential: Credential = { clientId: 'client', refreshToken: 'refresh-good' };

/** Where a test's channel is; short waits, and pieces small enough that there are several. */
export function addressesAt(url: string, change: Partial<Addresses> = {}): Addresses {
  return {
    api: url,
    signIn: {
      title: 'Google',
      authorize: `${url}/o/oauth2/v2/auth`,
      token: `${url}/token`,
      scope: 'https://www.googleapis.com/auth/youtube.force-ssl',
      wants: { access_type: 'offline', prompt: 'consent' },
    },
    waits: [5, 10, 20, 40, 80],
    piece: 512 * 1024,
    ...change,
  };
}

/** The target over a test's channel. */
export function youtubeAt(url: string, change: Partial<Addresses> = {}): Target {
  return createYouTube(addressesAt(url, change)) as Target;
}

/** A channel for each test of the suite in which this stands, a ground to publish from, and the target of the two. */
export function youtubeOfEachTest() {
  const service = ofEachTest(startYouTube);
  const ground = ofEachTest(makeGround);
  const target = ofEachTest(() => youtubeAt(service.url));
  const config = (change: Record<string, unknown> = {}) =>
    target.config.parse({ madeForKids: false, ...change });
  return { service, ground, target, config };
}

/** A context that keeps what its execution notes, as the journal does, also for the next one of the same. */
export function contextFor(
  ground: Pick<Ground, 'workspace' | 'blobs'>,
  execution: string,
  change: Partial<TargetContext> = {},
): TargetContext & { again(change?: Partial<TargetContext>): TargetContext } {
  let noted: unknown;
  const make = (more: Partial<TargetContext>): TargetContext => ({
    workspace: ground.workspace,
    blobs: ground.blobs,
    execution,
    signal: new AbortController().signal,
    now: () => 1,
    ownFolders: [],
    credential: async () => credential,
    progress: () => {},
    noted,
    note: async (value) => {
      noted = JSON.parse(JSON.stringify(value));
    },
    ...more,
  });
  return { ...make(change), again: (more = {}) => make({ ...change, ...more }) };
}

/** A parcel with a film of so many bytes, and what else is given by path. */
export async function filmParcel(
  blobs: Blobs,
  bytes: number,
  others: Record<string, string | Uint8Array> = {},
): Promise<Parcel & { readonly sha256: string }> {
  const film = randomBytes(bytes);
  const files = [{ path: 'film.mp4', digest: await blobs.put(film), size: film.length, mime: 'video/mp4' }];
  for (const [path, content] of Object.entries(others)) {
    const piece = Buffer.from(content);
    files.push({
      path,
      digest: await blobs.put(piece),
      size: piece.length,
      mime: 'application/octet-stream',
    });
  }
  return {
    deliverable: 'deliverable-1',
    title: 'A spring in the garden',
    files,
    sha256: hash('sha256', film),
  };
}
