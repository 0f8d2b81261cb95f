import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { failures } from '../../../protocol/failure.ts';
import { YouTubeFault } from './faults.ts';
import type { Caption, Shipment } from './shipment.ts';
import type { Talk } from './talk.ts';

/** Sets what belongs to a video that is up: image, subtitles, playlist. What is there already is not added again. */
export async function addExtras(
  talk: Talk,
  video: string,
  { thumbnail, captions, playlist }: Shipment,
  { blobs }: Pick<TargetContext, 'blobs'>,
): Promise<void> {
  const bytesOf = async (file: DeliverableFile): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = await blobs.get(file.digest);
    if (bytes) return new Uint8Array(bytes);
    const what = `The content of ${file.path} was deleted from the store.`;
    throw new YouTubeFault(failures.tool(what, 'Make the deliverable again.'));
  };
  if (thumbnail) await setThumbnail(talk, video, thumbnail, await bytesOf(thumbnail));
  if (captions.length > 0) {
    const query = { part: 'snippet', videoId: video };
    const there = await talk.read(Captions, { at: '/youtube/v3/captions', query });
    for (const caption of captions) {
      const isThere = there.items.some(
        ({ snippet }) => snippet.language === caption.language && snippet.name === caption.name,
      );
      if (!isThere) await addCaption(talk, video, caption, await bytesOf(caption.file));
    }
  }
  if (playlist && (await placeIn(talk, playlist, video)) === null) await addTo(talk, playlist, video);
}

/** The entry of a playlist that is a video; `null` where it is not in it. */
export async function placeIn(talk: Talk, playlist: string, video: string): Promise<string | null> {
  const query = { part: 'id', playlistId: playlist, videoId: video };
  const { items } = await talk.read(Entries, { at: '/youtube/v3/playlistItems', query });
  return items[0]?.id ?? null;
}

/** Takes an entry out of its playlist; one that is gone already is as good. */
export async function removePlace(talk: Talk, entry: string): Promise<void> {
  const response = await talk.ask({
    method: 'DELETE',
    at: '/youtube/v3/playlistItems',
    query: { id: entry },
    accepts: [404],
  });
  await response.body?.cancel();
}

const Captions = z.looseObject({
  items: z
    .array(
      z.looseObject({
        snippet: z.looseObject({ language: z.string().default(''), name: z.string().default('') }),
      }),
    )
    .default([]),
});
const Entries = z.looseObject({
  items: z.array(z.looseObject({ id: z.string().regex(/^[A-Za-z0-9_.=-]{2,200}$/) })).default([]),
});

async function setThumbnail(
  talk: Talk,
  video: string,
  { path }: DeliverableFile,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const response = await talk.ask({
    method: 'POST',
    at: '/upload/youtube/v3/thumbnails/set',
    query: { videoId: video, uploadType: 'media' },
    headers: { 'content-type': /\.png$/i.test(path) ? 'image/png' : 'image/jpeg' },
    body: () => bytes,
  });
  await response.body?.cancel();
}

async function addCaption(
  talk: Talk,
  video: string,
  { language, name }: Caption,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const boundary = `butler-${crypto.randomUUID()}`;
  const said = JSON.stringify({ snippet: { videoId: video, language, name, isDraft: false } });
  const head = `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n${said}\r\n`;
  const body = Buffer.concat([
    Buffer.from(`${head}--${boundary}\r\ncontent-type: application/octet-stream\r\n\r\n`),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const response = await talk.ask({
    method: 'POST',
    at: '/upload/youtube/v3/captions',
    query: { uploadType: 'multipart', part: 'snippet' },
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: () => body,
  });
  await response.body?.cancel();
}

async function addTo(talk: Talk, playlistId: string, videoId: string): Promise<void> {
  const body = JSON.stringify({
    snippet: { playlistId, resourceId: { kind: 'youtube#video', videoId } },
  });
  const response = await talk.ask({
    method: 'POST',
    at: '/youtube/v3/playlistItems',
    query: { part: 'snippet' },
    headers: { 'content-type': 'application/json' },
    body: () => body,
  });
  await response.body?.cancel();
}
