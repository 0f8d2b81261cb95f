import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FilmOrder } from '../../../server/core/ports/provider.ts';
import { listen } from '../../support/loopback.ts';

/** The beginning of an MP4 file, and something after it. */
export const film = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypisom', 'latin1'),
  Buffer.alloc(70_000, 7),
]);

/** A video that is wanted. */
export const wish = { words: 'A lighthouse', seconds: 8, tall: false, image: null } as const;

/** How it is ordered, once. */
export function order(once: string, change: Partial<FilmOrder> = {}): FilmOrder {
  return { once, signal: new AbortController().signal, taken: () => {}, ...change };
}

/** What a service was asked, in short, as `POST /v1/videos`. */
export interface VideoStudio {
  readonly url: string;
  readonly asked: readonly string[];
  /** Headers of the orders, and their bodies. */
  readonly orders: readonly { readonly headers: IncomingMessage['headers']; readonly body: unknown }[];
  close(): Promise<void>;
}

/** What a service does otherwise than to make the video; `false` leaves the usual answer. */
export type Trouble = (
  what: string,
  response: ServerResponse,
  request: IncomingMessage,
  count: number,
) => boolean;

/** The wires that videos come over. */
export type VideoWire = 'openai' | 'google';

/**
 * A service on the loopback that makes one video in the shapes that OpenAI and Google document: it is at work for
 * two questions, and ready for the third.
 */
export async function startVideoStudio(
  kind: VideoWire,
  trouble: Trouble = () => false,
): Promise<VideoStudio> {
  const asked: string[] = [];
  const orders: { headers: IncomingMessage['headers']; body: unknown }[] = [];
  const counts = new Map<string, number>();
  let looks = 0;
  const { url, close } = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const what = `${request.method} ${request.url}`;
    asked.push(what);
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    const text = Buffer.concat(chunks).toString();
    if (request.method === 'POST' && text) orders.push({ headers: request.headers, body: JSON.parse(text) });
    if (trouble(what, response, request, count)) return;
    const json = (body: object) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (/content|alt=media/.test(what)) {
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': film.length }).end(film);
    } else if (request.method === 'DELETE' || what.endsWith('/cancel'))
      json({ id: 'video_1', deleted: true });
    else json(states[kind](request.method === 'POST' ? 0 : ++looks, url));
  });
  return { url, asked, orders, close };
}

const states: Readonly<Record<VideoWire, (looks: number, url: string) => object>> = {
  openai: (looks) => ({
    id: 'video_1',
    object: 'video',
    model: 'sora-2',
    created_at: 1,
    status: (['queued', 'in_progress', 'in_progress'] as const)[looks] ?? 'completed',
    progress: Math.min(100, looks * 33),
    error: null,
  }),
  google: (looks, url) => ({
    id: 'v1_Chd-x',
    object: 'interaction',
    model: 'gemini-omni-1.1-flash',
    created: '2026-11-21T00:00:00Z',
    updated: '2026-11-21T00:00:00Z',
    status: looks < 3 ? 'in_progress' : 'completed',
    steps:
      looks < 3
        ? []
        : [
            { type: 'user_input', content: [{ type: 'text', text: 'x' }] },
            {
              type: 'model_output',
              content: [
                { type: 'video', mime_type: 'video/mp4', uri: `${url}/v1beta/files/f1:download?alt=media` },
              ],
            },
          ],
  }),
};
