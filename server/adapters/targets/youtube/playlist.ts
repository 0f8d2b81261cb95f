import * as z from 'zod';
import { bad, good, type Outcome } from '../../../protocol/failure.ts';
import { plain, playlistFaults, YouTubeFault } from './faults.ts';
import type { Talk } from './talk.ts';

/** The title of a playlist, where videos of a channel can be added to it. */
export async function playlistTitle(talk: Talk, playlist: string, channel: string): Promise<Outcome<string>> {
  const query = { part: 'snippet', id: playlist };
  const { items } = await talk.read(Playlists, { at: '/youtube/v3/playlists', query });
  const [found] = items;
  if (!found) return bad(playlistFaults.gone);
  if (found.snippet.channelId !== channel) return bad(playlistFaults.foreign);
  return good(plain(found.snippet.title, 100));
}

/** Adds a video to a playlist that it is not in. */
export async function addToPlaylist(talk: Talk, playlistId: string, videoId: string): Promise<void> {
  if ((await placeIn(talk, playlistId, videoId)) !== null) return;
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

/** Takes a video out of a playlist; a playlist that says no, or is gone, is let be. */
export async function takeFromPlaylist(talk: Talk, playlist: string, video: string): Promise<void> {
  try {
    const place = await placeIn(talk, playlist, video);
    if (place !== null) await removePlace(talk, place);
  } catch (error) {
    if (!(error instanceof YouTubeFault) || error.passes || error.failure.kind === 'cancelled') throw error;
  }
}

async function placeIn(talk: Talk, playlist: string, video: string): Promise<string | null> {
  const query = { part: 'id', playlistId: playlist, videoId: video };
  const entries = await talk.find(Entries, { at: '/youtube/v3/playlistItems', query });
  return entries?.items[0]?.id ?? null;
}

async function removePlace(talk: Talk, entry: string): Promise<void> {
  const response = await talk.ask({
    method: 'DELETE',
    at: '/youtube/v3/playlistItems',
    query: { id: entry },
    accepts: [404],
  });
  await response.body?.cancel();
}

const Playlists = z.looseObject({
  items: z
    .array(
      z.looseObject({
        snippet: z.looseObject({ title: z.string().max(1000), channelId: z.string().max(64) }),
      }),
    )
    .default([]),
});
const Entries = z.looseObject({
  items: z.array(z.looseObject({ id: z.string().regex(/^[A-Za-z0-9_.=-]{2,200}$/) })).default([]),
});
