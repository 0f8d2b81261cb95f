import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '../support/loopback.ts';
import { reset } from '../support/reset.ts';
import { type Answer, gardenChannel, no, routes, shown } from './youtubeRoutes.ts';
import type { StoredVideo, YouTubeServer } from './youtubeState.ts';
import { takeBytes, tellState, type UploadSession } from './youtubeUploads.ts';

/** Starts the server on a free port. */
export async function startYouTube(): Promise<YouTubeServer> {
  const { port, url, close } = await listen((request, response) => {
    void route(state, request, response).catch(() => response.destroy());
  });
  const state: YouTubeServer = {
    port,
    url,
    videos: new Map(),
    sessions: new Map(),
    captions: [],
    thumbnails: new Map(),
    places: [],
    log: [],
    faults: [],
    refresh: new Set(['refresh-good']),
    access: new Set(),
    open: false,
    losesAnswer: false,
    breaks: null,
    heard: () => {},
    channel: { id: gardenChannel, title: 'Garden', customUrl: '@garden', longUploadsStatus: 'allowed' },
    playlists: new Map([['PLown', gardenChannel]]),
    [Symbol.asyncDispose]: close,
  };
  return state;
}

async function route(state: YouTubeServer, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', state.url);
  const name = `${request.method} ${url.pathname}`;
  state.log.push(name);
  state.heard();
  if (state.breaks && state.breaks.in-- === 0) {
    const broken = () => reset(request.socket);
    if (state.breaks.when === 'before') return broken();
    response.writeHead = () => {
      broken();
      return response;
    };
  }
  const at = state.faults.findIndex(
    ({ method, path }) => url.pathname.includes(path) && (method ?? request.method) === request.method,
  );
  const [fault] = at >= 0 ? state.faults.splice(at, 1) : [];
  const session = state.sessions.get(url.searchParams.get('upload_id') ?? '');
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  const isKnown = state.open || state.access.has(token) || url.pathname === '/token';
  if (!fault && isKnown && url.searchParams.has('upload_id'))
    return upload(state, session, request, response);
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const body = Buffer.concat(pieces);
  if (fault)
    return reply(response, {
      ...no(fault.status, fault.reason ?? 'backendError', fault.message ?? 'A fault.'),
      ...(fault.headers ? { headers: fault.headers } : {}),
    });
  if (!isKnown) return reply(response, no(401, 'authError', 'Invalid Credentials'));
  const length = Number(request.headers['x-upload-content-length'] ?? 0);
  const host = request.headers.host ?? '';
  const asked = { query: url.searchParams, body: body.toString(), bytes: body.length, host, length };
  reply(response, routes[name]?.(state, asked) ?? no(404, 'notFound', 'Not Found'));
}

async function upload(
  state: YouTubeServer,
  session: UploadSession | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!session) return reply(response, no(404, 'notFound', 'Not Found'));
  if (request.method === 'DELETE') {
    session.cancelled ||= session.video === null;
    return reply(response, { status: session.cancelled ? 499 : 400 });
  }
  if (session.cancelled) return reply(response, { status: 499 });
  const came = await takeBytes(session, request);
  if (came === 'broken' || session.cancelled) return void response.destroy();
  if (came === 'wrong') return reply(response, no(400, 'badRequest', 'Invalid Content-Range'));
  if (came === 'part') return tellState(session, response);
  const video = session.video === null ? made(state, session) : state.videos.get(session.video);
  if (state.losesAnswer) {
    state.losesAnswer = false;
    return reset(request.socket);
  }
  reply(response, video ? { status: 200, body: shown(video) } : no(404, 'notFound', 'Not Found'));
}

function made(state: YouTubeServer, session: UploadSession): StoredVideo {
  const { snippet, status } = session.resource as unknown as StoredVideo;
  const video: StoredVideo = {
    id: randomBytes(8).toString('base64url'),
    snippet: {
      ...snippet,
      title: snippet.title.trim(),
      publishedAt: new Date().toISOString(),
      channelId: state.channel?.id ?? '',
    },
    status: { ...status, uploadStatus: 'uploaded' },
    sha256: session.hash.digest('hex'),
    bytes: session.stored,
  };
  session.video = video.id;
  state.videos.set(video.id, video);
  return video;
}

function reply(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
