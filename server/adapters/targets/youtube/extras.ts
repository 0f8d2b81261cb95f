import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { failures } from '../../../protocol/failure.ts';
import type { Addresses } from './addresses.ts';
import type { Caption } from './captions.ts';
import { YouTubeFault } from './faults.ts';
import { patiently } from './patience.ts';
import { addToPlaylist } from './playlist.ts';
import type { Shipment } from './shipment.ts';
import type { Talk } from './talk.ts';

/** What adding needs. */
interface Adding {
  readonly talk: Talk;
  readonly shipment: Shipment;
  readonly context: Pick<TargetContext, 'blobs' | 'signal'>;
  readonly addresses: Pick<Addresses, 'waits'>;
}

/** Sets what belongs to a video that is up: image, subtitles, playlist. What is there already is not added again. */
export async function addExtras(work: Adding, video: string): Promise<void> {
  const { talk, shipment, context, addresses } = work;
  const { thumbnail, captions, playlist } = shipment;
  const step = (ask: () => Promise<void>) => patiently(addresses.waits, context.signal, ask);
  if (thumbnail) await step(() => setThumbnail(work, video, thumbnail));
  if (captions.length > 0) await step(() => addCaptions(work, video));
  if (playlist) await step(() => addToPlaylist(talk, playlist, video));
}

async function setThumbnail({ talk, context }: Adding, video: string, file: DeliverableFile): Promise<void> {
  const bytes = await bytesOf(file, context);
  const response = await talk.ask({
    method: 'POST',
    at: '/upload/youtube/v3/thumbnails/set',
    query: { videoId: video, uploadType: 'media' },
    headers: { 'content-type': /\.png$/i.test(file.path) ? 'image/png' : 'image/jpeg' },
    body: () => bytes,
  });
  await response.body?.cancel();
}

async function addCaptions({ talk, shipment, context }: Adding, video: string): Promise<void> {
  const query = { part: 'snippet', videoId: video };
  const { items } = await talk.read(Captions, { at: '/youtube/v3/captions', query });
  const there = new Set(items.map(({ snippet }) => keyOf(snippet)));
  for (const caption of shipment.captions) {
    if (!there.has(keyOf(caption)))
      await addCaption(talk, video, caption, await bytesOf(caption.file, context));
  }
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

function keyOf({ language, name }: Pick<Caption, 'language' | 'name'>): string {
  return `${language.toLowerCase()} ${name}`;
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
    accepts: [isThere],
  });
  await response.body?.cancel();
}

/** The status of subtitles that arrived by an earlier try, whose answer was lost. */
const isThere = 409;

async function bytesOf(
  file: DeliverableFile,
  { blobs }: Adding['context'],
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await blobs.get(file.digest);
  if (bytes) return new Uint8Array(bytes);
  const what = `The content of ${file.path} was deleted from the store.`;
  throw new YouTubeFault(failures.tool(what, 'Make the deliverable again.'));
}
