import type { UploadSession } from './youtubeUploads.ts';

/** A video as it stands there, with the digest of its bytes. */
export interface StoredVideo {
  readonly id: string;
  snippet: { title: string; description: string; tags: string[]; channelId: string; [name: string]: unknown };
  status: { privacyStatus: string; [name: string]: unknown };
  readonly sha256: string;
  readonly bytes: number;
}

/** How the next request to a path is spoiled. */
export interface Fault {
  readonly method?: string;
  readonly path: string;
  readonly status: number;
  readonly reason?: string;
  readonly message?: string;
  readonly headers?: Record<string, string>;
}

/** A channel of the real service's wire on the loopback; it keeps digests in place of bytes. */
export interface YouTubeServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly videos: Map<string, StoredVideo>;
  readonly sessions: Map<string, UploadSession>;
  readonly captions: { id: string; video: string; language: string; name: string; text: string }[];
  readonly thumbnails: Map<string, number>;
  readonly places: { id: string; playlist: string; video: string }[];
  /** Called when a request comes. */
  heard: () => void;
  /** Each request as `METHOD /path`. */
  readonly log: string[];
  /** Faults that are to come, each once. */
  readonly faults: Fault[];
  /** Refresh tokens that are good, and the access tokens given for them. */
  readonly refresh: Set<string>;
  readonly access: Set<string>;
  /** Whether any access token is good, where another server gives them. */
  open: boolean;
  /** Whether the connection breaks when the video was made, before that is said. */
  losesAnswer: boolean;
  /** The request from now on at which the connection breaks, before it is done or before that is said. */
  breaks: { in: number; readonly when: 'before' | 'after' } | null;
  /** The channel that one is signed in to. */
  channel: { id: string; title: string; customUrl: string; longUploadsStatus: string } | null;
  /** Playlists by their ids, with the channel that they belong to. */
  readonly playlists: Map<string, string>;
}
