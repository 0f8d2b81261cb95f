import { randomBytes, randomUUID } from 'node:crypto';
import type { StoredVideo, YouTubeServer } from './youtubeState.ts';
import { openSession } from './youtubeUploads.ts';

/** An answer with JSON or nothing in it. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** What was asked. */
export interface Asked {
  readonly query: URLSearchParams;
  readonly body: string;
  readonly bytes: number;
  readonly host: string;
  /** How long the file will be whose upload begins. */
  readonly length: number;
}

/** The channel that there is from the beginning. */
export const gardenChannel = 'UCbutlerbutlerbutlerbutl';
const uploads = 'UUbutlerbutlerbutlerbutl';

/** What answers each request, beside the bytes of uploads. */
export const routes: Readonly<Record<string, (state: YouTubeServer, asked: Asked) => Answer>> = {
  'POST /token': (state, { body }) => {
    const form = new URLSearchParams(body);
    if (!state.refresh.has(form.get('refresh_token') ?? ''))
      return { status: 400, body: { error: 'invalid_grant' } };
    const token = randomBytes(12).toString('hex');
    state.access.add(token);
    return { status: 200, body: { access_token: token, expires_in: 3600, token_type: 'Bearer' } };
  },
  'POST /upload/youtube/v3/videos': (state, { query, body, host, length }) => {
    if (query.get('uploadType') !== 'resumable') return no(400, 'badRequest', 'not resumable');
    const resource = JSON.parse(body) as StoredVideo;
    if (!resource.snippet.title || /[<>]/.test(resource.snippet.title))
      return no(400, 'invalidTitle', 'The request metadata specifies an invalid video title.');
    const session = openSession(resource as unknown as Record<string, unknown>, length);
    state.sessions.set(session.id, session);
    const location = `http://${host}/upload/youtube/v3/videos?uploadType=resumable&upload_id=${session.id}`;
    return { status: 200, headers: { location } };
  },
  'POST /upload/youtube/v3/thumbnails/set': (state, { query, bytes }) => {
    const video = query.get('videoId') ?? '';
    if (!state.videos.has(video)) return no(404, 'videoNotFound', 'No such video.');
    state.thumbnails.set(video, bytes);
    return { status: 200, body: { kind: 'youtube#thumbnailSetResponse', items: [] } };
  },
  'POST /upload/youtube/v3/captions': (state, { body }) => {
    const [, json = '', text = ''] = /\r\n\r\n(\{.*?\})\r\n--.*?\r\n\r\n(.*)\r\n--/s.exec(body) ?? [];
    const { snippet } = JSON.parse(json) as { snippet: { videoId: string; language: string; name: string } };
    const { videoId: video, language, name } = snippet;
    const isTold = (one: YouTubeServer['captions'][number]) =>
      one.video === video && one.language.toLowerCase() === language.toLowerCase() && one.name === name;
    if (state.captions.some(isTold)) return no(409, 'captionExists', 'There is such a caption track.');
    state.captions.push({ id: randomUUID(), video, language, name, text });
    return { status: 200, body: { kind: 'youtube#caption' } };
  },
  'GET /youtube/v3/captions': (state, { query }) => ({
    status: 200,
    body: {
      items: state.captions
        .filter(({ video }) => video === query.get('videoId'))
        .map(({ id, language, name }) => ({ id, snippet: { language, name } })),
    },
  }),
  'GET /youtube/v3/videos': (state, { query }) => {
    const ids = query.getAll('id').flatMap((one) => one.split(','));
    const items = ids.flatMap((id) => state.videos.get(id) ?? []).filter((video) => isSeen(state, video));
    return { status: 200, body: { kind: 'youtube#videoListResponse', items: items.map(shown) } };
  },
  'DELETE /youtube/v3/videos': (state, { query }) => {
    const gone = state.videos.delete(query.get('id') ?? '');
    return gone ? { status: 204 } : no(404, 'videoNotFound', 'The video cannot be found.');
  },
  'GET /youtube/v3/channels': (state) => {
    if (!state.channel) return { status: 200, body: { kind: 'youtube#channelListResponse' } };
    const { id, longUploadsStatus, ...snippet } = state.channel;
    const contentDetails = { relatedPlaylists: { uploads } };
    return {
      status: 200,
      body: { items: [{ id, snippet, status: { longUploadsStatus }, contentDetails }] },
    };
  },
  'GET /youtube/v3/playlists': (state, { query }) => {
    const channelId = state.playlists.get(query.get('id') ?? '');
    const snippet = { title: 'Best of spring', channelId };
    return { status: 200, body: { items: channelId ? [{ id: query.get('id'), snippet }] : [] } };
  },
  'GET /youtube/v3/playlistItems': (state, { query }) => {
    if (query.get('playlistId') !== uploads) {
      if (!state.playlists.has(query.get('playlistId') ?? '')) return noPlaylist;
      const items = state.places.filter(
        (one) => one.playlist === query.get('playlistId') && one.video === query.get('videoId'),
      );
      return { status: 200, body: { items: items.map(({ id }) => ({ id })) } };
    }
    const most = Number(query.get('maxResults') ?? 5);
    const from = Number(query.get('pageToken') ?? 0);
    const all = [...state.videos.keys()].reverse();
    if (all.length === 0) return noPlaylist;
    const items = all.slice(from, from + most).map((videoId) => ({ contentDetails: { videoId } }));
    const next = from + most < all.length ? { nextPageToken: String(from + most) } : {};
    return { status: 200, body: { items, ...next } };
  },
  'POST /youtube/v3/playlistItems': (state, { body }) => {
    const { snippet } = JSON.parse(body) as {
      snippet: { playlistId: string; resourceId: { videoId: string } };
    };
    if (!state.playlists.has(snippet.playlistId)) return noPlaylist;
    const one = { id: randomUUID(), playlist: snippet.playlistId, video: snippet.resourceId.videoId };
    state.places.push(one);
    return { status: 200, body: { id: one.id } };
  },
  'DELETE /youtube/v3/playlistItems': (state, { query }) => {
    const at = state.places.findIndex(({ id }) => id === query.get('id'));
    if (at >= 0) state.places.splice(at, 1);
    return { status: 204 };
  },
};

const noPlaylist = no(404, 'playlistNotFound', 'The playlist cannot be found.');

/** Whether whoever is signed in sees a video: all of their own, and of others what is not private. */
function isSeen({ channel }: YouTubeServer, { snippet, status }: StoredVideo): boolean {
  return snippet.channelId === channel?.id || status.privacyStatus !== 'private';
}

/** A video as its owner reads it. */
export function shown({ id, snippet, status }: StoredVideo) {
  return { kind: 'youtube#video', id, snippet, status };
}

/** A refusal as the real service words it. */
export function no(code: number, reason: string, message: string): Answer {
  return {
    status: code,
    body: { error: { code, message, errors: [{ message, domain: 'youtube', reason }] } },
  };
}
