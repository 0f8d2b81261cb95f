import { createHash, type Hash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What of an upload is kept when its connection breaks: whole steps of so many bytes, as the real service does. */
export const step = 256 * 1024;

/** An upload that is under way or over. */
export interface UploadSession {
  readonly id: string;
  readonly total: number;
  readonly resource: Record<string, unknown>;
  readonly hash: Hash;
  stored: number;
  /** The id of the video that it became. */
  video: string | null;
  cancelled: boolean;
}

/** Opens an upload. */
export function openSession(resource: Record<string, unknown>, total: number): UploadSession {
  return {
    id: randomUUID(),
    total,
    resource,
    hash: createHash('sha256'),
    stored: 0,
    video: null,
    cancelled: false,
  };
}

/** Takes what a request brings; answers whether the whole of the file is there now, or what was wrong. */
export async function takeBytes(
  session: UploadSession,
  request: IncomingMessage,
): Promise<'whole' | 'part' | 'broken' | 'wrong'> {
  const range = /^bytes (?:\*|(\d+)-(\d+))\/(\d+)$/.exec(request.headers['content-range'] ?? '');
  if (!range || Number(range[3]) !== session.total) return 'wrong';
  if (range[1] === undefined) return session.video === null ? 'part' : 'whole';
  const [from, last] = [Number(range[1]), Number(range[2])];
  const ends = last + 1 === session.total;
  if (from !== session.stored || (!ends && (last + 1) % step !== 0)) return 'wrong';
  let rest: Buffer[] = [];
  let held = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      rest.push(piece);
      held += piece.length;
      if (held < step) continue;
      const bytes = Buffer.concat(rest);
      const whole = bytes.length - (bytes.length % step);
      keep(session, bytes.subarray(0, whole));
      rest = [bytes.subarray(whole)];
      held = bytes.length - whole;
    }
  } catch {
    return 'broken';
  }
  if (session.stored + held !== last + 1) return 'wrong';
  for (const piece of rest) keep(session, piece);
  return ends ? 'whole' : 'part';
}

/** Says how far an upload is. */
export function tellState(session: UploadSession, response: ServerResponse): void {
  response.writeHead(308, session.stored > 0 ? { range: `bytes=0-${session.stored - 1}` } : {});
  response.end();
}

function keep(session: UploadSession, bytes: Buffer): void {
  session.hash.update(bytes);
  session.stored += bytes.length;
}
