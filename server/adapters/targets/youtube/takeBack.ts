import * as z from 'zod';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { plain, YouTubeFault } from './faults.ts';
import { takeFromPlaylist } from './playlist.ts';
import { markOf } from './shipment.ts';
import type { Talk } from './talk.ts';
import { bears, deleteVideo, openness, ownChannel, readVideo, standOf, visibilityOf } from './video.ts';

/** What taking a video back wants. */
export const Undo = z.strictObject({
  account: z.string(),
  execution: z.string(),
  video: z.string().regex(/^[A-Za-z0-9_-]{2,64}$/),
  playlist: z.string().nullable(),
  /** What was said of it when it was published. */
  stands: z.string(),
  visibility: z.enum(openness),
  /** The channel that it was published on; what was kept before may lack it. */
  channel: z.string().optional(),
});
export type Undo = z.infer<typeof Undo>;

/** What taking a video back does. */
export const undoes = 'Deletes the video from YouTube, with its views and comments.';

/** Deletes a video that is still as it was published; one that a person deleted is as good. */
export async function takeBack(talk: Talk, undo: Undo): Promise<Outcome<void>> {
  try {
    const elsewhere = undo.channel === undefined ? null : await otherChannel(talk, undo.channel);
    if (elsewhere) return bad(elsewhere);
    const video = await readVideo(talk, undo.video);
    if (!video) return good(undefined);
    const wider = openness.indexOf(visibilityOf(video)) > openness.indexOf(undo.visibility);
    if (!bears(video, markOf(undo.execution)) || standOf(video) !== undo.stands || wider) {
      const what = 'The video was changed on YouTube since it was published.';
      return bad(failures.conflict(what, 'Delete it in YouTube Studio if you no longer want it.'));
    }
    await removeVideo(talk, undo.video, undo.playlist);
    return good(undefined);
  } catch (error) {
    if (error instanceof YouTubeFault) return bad(error.failure);
    throw error;
  }
}

/** Takes a video out of its playlist, then deletes it; asked again, it ends what was begun. */
export async function removeVideo(talk: Talk, video: string, playlist: string | null): Promise<void> {
  if (playlist) await takeFromPlaylist(talk, playlist, video);
  await deleteVideo(talk, video);
}

/** Only to its own channel does a private video seem to be there, so that nothing is told of it from another. */
async function otherChannel(talk: Talk, channel: string): Promise<Failure | null> {
  const own = await ownChannel(talk);
  if (own?.id === channel) return null;
  const signedIn = own ? `the sign-in is for "${plain(own.snippet.title, 100)}"` : 'the account has none';
  return {
    ...failures.wrongAccount('YouTube'),
    what: `The video is on another channel: ${signedIn}.`,
    mend: 'Sign in to the channel that it was published on, then undo it again.',
  };
}
