import * as z from 'zod';
import type { Published, TargetContext } from '../../../core/ports/target.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { Digest } from '../../../protocol/message.ts';
import type { Addresses } from './addresses.ts';
import { addExtras } from './extras.ts';
import { YouTubeFault } from './faults.ts';
import { patiently } from './patience.ts';
import { beginUpload, cancelUpload, sendRest, stateOf, type Upload, type UploadState } from './session.ts';
import { markOf, type Shipment } from './shipment.ts';
import { removeVideo, type Undo, undoes } from './takeBack.ts';
import type { Talk } from './talk.ts';
import { findByTag, readVideo, standOf, type Video, visibilityOf } from './video.ts';

/** One publication in the making. */
export interface Publishing {
  readonly talk: Talk;
  readonly account: string;
  readonly shipment: Shipment;
  readonly context: TargetContext;
  readonly addresses: Addresses;
}

/** What an attempt came to; `clean` says whether nothing is left there of one that came to nothing. */
export type Attempt =
  | { readonly kind: 'stands'; readonly published: Published }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly clean: boolean };

/** Uploads, or takes up what this execution began; what fails for good or is stopped leaves nothing there. */
export async function publishVideo(work: Publishing): Promise<Outcome<Published>> {
  const attempt = await attempted(work, async (way) => {
    const kept = await keptUpload(work, way);
    const video = kept ? await takenUp(work, kept) : null;
    return video ?? (await uploaded(work, way));
  });
  if (attempt.kind === 'stands') return good(attempt.published);
  return bad(attempt.kind === 'failed' ? attempt.failure : failures.cancelled('Nothing was published.'));
}

/** Carries what this execution began to its end, and tells where nothing of it stands. */
export function takeUp(work: Publishing): Promise<Attempt> {
  return attempted(work, async (way) => {
    const kept = await keptUpload(work, way);
    return kept ? takenUp(work, kept) : marked(work);
  });
}

/** How far an attempt came: what must be taken away when it fails. */
interface Way {
  upload: Upload | null;
  video: string | null;
}

async function attempted(work: Publishing, make: (way: Way) => Promise<Video | null>): Promise<Attempt> {
  const { talk, context, addresses } = work;
  const way: Way = { upload: null, video: null };
  try {
    const video = await make(way);
    if (video === null) return { kind: 'nothing' };
    way.video = video.id;
    await addExtras(work, video.id);
    const read = () => readVideo(talk, video.id);
    const stands = (await patiently(addresses.waits, context.signal, read)) ?? video;
    return { kind: 'stands', published: publishedOf(work, stands) };
  } catch (error) {
    if (!(error instanceof YouTubeFault)) throw error;
    const stays = error.passes || goesOnElsewhere(context);
    const clean = !stays && (await takeAway(work, way));
    return { kind: 'failed', failure: clean ? error.failure : left(error, way), clean };
  }
}

/** What came of an upload that this execution began, after going on with it; `null` where nothing can come of it. */
async function takenUp(work: Publishing, upload: Upload): Promise<Video | null> {
  const state = await stateOf(upload);
  const last = state.kind === 'open' ? await sendRest(upload, state.from) : state;
  return last.kind === 'done' ? last.video : marked(work);
}

/** Uploads from the beginning; YouTube may forget an upload once. */
async function uploaded(work: Publishing, way: Way): Promise<Video> {
  let state: UploadState = { kind: 'gone' };
  for (let tries = 0; tries < 2 && state.kind === 'gone'; tries++) {
    const found = tries > 0 ? await marked(work) : null;
    if (found) return found;
    state = await sendRest(await newUpload(work, way), 0);
  }
  if (state.kind === 'done') return state.video;
  throw new YouTubeFault(failures.tool('YouTube forgot the upload twice.', 'Publish again.'));
}

function marked({ talk, context }: Publishing, over = talk): Promise<Video | null> {
  return findByTag(over, markOf(context.execution));
}

async function newUpload(work: Publishing, way: Way): Promise<Upload> {
  const { talk, shipment, context, addresses } = work;
  const session = await beginUpload(talk, shipment, markOf(context.execution), addresses);
  way.upload = uploadAt(work, session);
  const upload = await context.blobs.put(Buffer.from(session));
  // Only what can be taken up is begun: not one byte goes before it is kept where.
  await context.note?.({ upload });
  return way.upload;
}

function uploadAt({ talk, shipment, context, addresses }: Publishing, session: string): Upload {
  return { talk, session, file: shipment.video, context, addresses };
}

/** Where an execution noted its upload: whoever knows the address may go on with it, so the note names a blob only. */
const Note = z.strictObject({ upload: Digest });

async function keptUpload(work: Publishing, way: Way): Promise<Upload | null> {
  const noted = Note.safeParse(work.context.noted);
  const session = noted.success ? await work.context.blobs.get(noted.data.upload) : null;
  way.upload = session && uploadAt(work, Buffer.from(session).toString('utf8'));
  return way.upload;
}

/** A worker that ends or lost its job leaves what it began to the next one; only a person's abort takes it away. */
function goesOnElsewhere({ signal }: TargetContext): boolean {
  return signal.aborted && signal.reason !== 'abort';
}

/** The failure where something stays there: what passes counts as away, so that this execution takes it up again. */
function left({ failure, passes }: YouTubeFault, { upload, video }: Way): Failure {
  const told =
    passes && (upload || video !== null)
      ? { ...failures.offline(failure.what), mend: failure.mend }
      : failure;
  if (video === null) return told;
  const what = `${told.what} The video itself is there: ${addressOf(video)}`;
  return { ...told, what, mend: `${told.mend} Or delete it in YouTube Studio.` };
}

function addressOf(video: string): string {
  return `https://www.youtube.com/watch?v=${video}`;
}

/** How long tidying up may take, in ms. */
const tidying = 5000;

/** Leaves nothing there of an attempt; answers whether that is sure. */
async function takeAway(work: Publishing, { upload, video }: Way): Promise<boolean> {
  const talk = work.talk.until(AbortSignal.timeout(tidying));
  const { playlist } = work.shipment;
  try {
    if (video !== null) await removeVideo(talk, video, playlist);
    else if (upload) {
      await cancelUpload(talk, upload.session);
      const state = await stateOf({ ...upload, talk });
      // An upload that is forgotten may have become a video before.
      const made =
        state.kind === 'done' ? state.video : state.kind === 'gone' ? await marked(work, talk) : null;
      if (made) await removeVideo(talk, made.id, playlist);
      return state.kind !== 'open';
    }
    return true;
  } catch (error) {
    if (!(error instanceof YouTubeFault)) throw error;
    return false;
  }
}

function publishedOf({ account, shipment, context }: Publishing, video: Video): Published {
  const { execution } = context;
  const time = Date.parse(video.snippet.publishedAt);
  const visibility = visibilityOf(video);
  const undo: Undo = {
    account,
    execution,
    video: video.id,
    playlist: shipment.playlist,
    stands: standOf(video),
    visibility,
    ...(video.snippet.channelId === undefined ? {} : { channel: video.snippet.channelId }),
  };
  return {
    publication: {
      execution,
      target: 'youtube',
      location: addressOf(video.id),
      version: video.id,
      visibility,
      undoes,
      time: Number.isNaN(time) || time < 0 ? context.now() : time,
    },
    undo,
  };
}
