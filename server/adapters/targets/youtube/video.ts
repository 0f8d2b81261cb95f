import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Talk } from './talk.ts';

const id = z.string().regex(/^[A-Za-z0-9_-]{2,64}$/);

/** A video as the API tells of it to the owner of its channel. */
export const Video = z.looseObject({
  id,
  snippet: z.looseObject({
    title: z.string().max(1000),
    description: z.string().max(20_000).default(''),
    tags: z.array(z.string().max(600)).max(600).default([]),
    categoryId: z.string().max(10).default(''),
    publishedAt: z.string().max(60).default(''),
    channelId: id.optional(),
  }),
  status: z.looseObject({ privacyStatus: z.string().max(40).default('private') }),
});
export type Video = z.infer<typeof Video>;

const Videos = z.looseObject({ items: z.array(Video).max(50).default([]) });
const Channels = z.looseObject({
  items: z
    .array(
      z.looseObject({
        id,
        snippet: z.looseObject({ title: z.string().max(1000), customUrl: z.string().max(200).optional() }),
        status: z.looseObject({ longUploadsStatus: z.string().max(60).optional() }).optional(),
        contentDetails: z.looseObject({
          relatedPlaylists: z.looseObject({ uploads: z.string().max(64).default('') }),
        }),
      }),
    )
    .default([]),
});
const Uploads = z.looseObject({
  items: z
    .array(z.looseObject({ contentDetails: z.looseObject({ videoId: id }) }))
    .max(50)
    .default([]),
  nextPageToken: z.string().max(500).optional(),
});

export type Channel = z.infer<typeof Channels>['items'][number];

/** The channel that was chosen when signing in; `null` where the account has none. */
export async function ownChannel(talk: Talk): Promise<Channel | null> {
  const query = { part: 'snippet,status,contentDetails', mine: 'true' };
  const { items } = await talk.read(Channels, { at: '/youtube/v3/channels', query });
  return items[0] ?? null;
}

/** One video of the channel; `null` where there is none of this id. */
export async function readVideo(talk: Talk, video: string): Promise<Video | null> {
  const query = { part: 'snippet,status', id: video };
  const { items } = await talk.read(Videos, { at: '/youtube/v3/videos', query });
  return items.find((one) => one.id === video) ?? null;
}

/** Pages of 50 uploads that are looked through, the newest first. */
const pages = 4;

/** The newest upload that bears a tag; `null` where none of the newest two hundred does. */
export async function findByTag(talk: Talk, tag: string): Promise<Video | null> {
  const playlistId = (await ownChannel(talk))?.contentDetails.relatedPlaylists.uploads;
  if (!playlistId) return null;
  let pageToken: string | undefined;
  for (let page = 0; page < pages; page++) {
    const query = { part: 'contentDetails', maxResults: '50', playlistId };
    // A channel without a single upload has no list of them either.
    const uploads = await talk.find(Uploads, {
      at: '/youtube/v3/playlistItems',
      query: { ...query, ...(pageToken ? { pageToken } : {}) },
    });
    if (!uploads) return null;
    const ids = uploads.items.map(({ contentDetails }) => contentDetails.videoId).join(',');
    if (!ids) return null;
    const wanted = { part: 'snippet,status', id: ids };
    const { items } = await talk.read(Videos, { at: '/youtube/v3/videos', query: wanted });
    const found = items.find((video) => bears(video, tag));
    if (found) return found;
    pageToken = uploads.nextPageToken;
    if (!pageToken) return null;
  }
  return null;
}

/** Whether a video bears a tag. */
export function bears({ snippet }: Video, tag: string): boolean {
  return snippet.tags.some((one) => one.toLowerCase() === tag.toLowerCase());
}

/** Deletes a video; one that is gone already is as good. */
export async function deleteVideo(talk: Talk, video: string): Promise<void> {
  const response = await talk.ask({
    method: 'DELETE',
    at: '/youtube/v3/videos',
    query: { id: video },
    accepts: [404],
  });
  await response.body?.cancel();
}

/** What a person could change of a video, as one digest. */
export function standOf({ snippet }: Video): string {
  const { title, description, tags, categoryId } = snippet;
  return hash('sha256', JSON.stringify([title, description, [...tags].sort(), categoryId]));
}

/** Who can see it, from the fewest to all. */
export const openness = ['private', 'unlisted', 'public'] as const;

/** Who can see a video; a word that nobody knows counts as the person alone. */
export function visibilityOf({ status }: Video): (typeof openness)[number] {
  return openness.find((one) => one === status.privacyStatus) ?? 'private';
}
