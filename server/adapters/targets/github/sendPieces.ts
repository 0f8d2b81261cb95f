import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes on their way out; they are read anew for each try. */
export interface Pieces {
  readonly size: number;
  readonly mime: string;
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** Sends a body piece by piece, as fast as it is taken and no faster: `fetch` would gather it in memory. */
export async function sendPieces(
  url: URL,
  pieces: Pieces,
  { signal, ...init }: { method: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<Response> {
  const bytes = await pieces.open();
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, { ...init, signal });
    let answered = false;
    request.on('response', (answer) => {
      answered = true;
      resolve(responseOf(answer));
    });
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    pipeline(bytes, request).catch((error: Error) => answered || request.destroy(error));
  });
}

function responseOf(answer: http.IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
  const { statusCode: status = 500 } = answer;
  const body = [204, 205, 304].includes(status) ? null : Readable.toWeb(answer);
  return new Response(body as ReadableStream<Uint8Array> | null, { status, headers });
}
