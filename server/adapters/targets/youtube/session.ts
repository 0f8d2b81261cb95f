import type { TargetContext } from '../../../core/ports/target.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { type Failure, failures } from '../../../protocol/failure.ts';
import type { Addresses } from './addresses.ts';
import { YouTubeFault } from './faults.ts';
import { pause } from './patience.ts';
import type { Shipment } from './shipment.ts';
import { isOwn, type Question, readAnswer, type Talk } from './talk.ts';
import { Video } from './video.ts';

/** How far an upload is. */
export type UploadState =
  | { readonly kind: 'done'; readonly video: Video }
  | { readonly kind: 'open'; readonly from: number }
  | { readonly kind: 'gone' };

/** What an upload goes on with. */
export interface Upload {
  readonly talk: Talk;
  /** Where it is taken up: whoever knows it may go on with it, so it is kept in the store only. */
  readonly session: string;
  readonly file: DeliverableFile;
  readonly context: TargetContext;
  readonly addresses: Addresses;
}

/** Opens an upload that can be taken up after any cut; nothing stands there before its last byte came. */
export async function beginUpload(
  talk: Talk,
  shipment: Shipment,
  mark: string,
  { api }: Addresses,
): Promise<string> {
  const { video, snippet, status, notify } = shipment;
  const type = video.mime.startsWith('video/') ? video.mime : 'application/octet-stream';
  const body = JSON.stringify({ snippet: { ...snippet, tags: [...snippet.tags, mark] }, status });
  const response = await talk.ask({
    method: 'POST',
    at: '/upload/youtube/v3/videos',
    query: { uploadType: 'resumable', part: 'snippet,status', notifySubscribers: String(notify) },
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'x-upload-content-length': String(video.size),
      'x-upload-content-type': type,
    },
    body: () => body,
  });
  await response.body?.cancel();
  const session = response.headers.get('location') ?? '';
  if (session.length <= 4000 && isOwn(session, api)) return session;
  throw new YouTubeFault(failures.malformed('YouTube', 'no address to upload to.'));
}

/** Asks how far an upload is. */
export function stateOf(upload: Upload): Promise<UploadState> {
  const headers = { 'content-range': `bytes */${upload.file.size}` };
  return answerTo(upload, { method: 'PUT', at: upload.session, headers, accepts: answers });
}

/** Sends what is missing, piece by piece; a cut is taken up where it stopped, until all tries are in vain. */
export async function sendRest(upload: Upload, from: number): Promise<UploadState> {
  const { waits } = upload.addresses;
  let state: UploadState = { kind: 'open', from };
  let furthest = from;
  let vain = 0;
  let look = from >= upload.file.size;
  while (state.kind === 'open') {
    try {
      const looked = look;
      state = looked ? await stateOf(upload) : await sendPiece(upload, state.from);
      if (state.kind !== 'open') return state;
      const further = state.from > furthest;
      if (state.from >= upload.file.size || !(further || looked)) throw stuck();
      if (further) vain = 0;
      furthest = Math.max(furthest, state.from);
      look = false;
    } catch (error) {
      const wait = waits[vain++];
      if (!(error instanceof YouTubeFault && error.passes) || wait === undefined) throw error;
      await pause(wait, upload.context.signal);
      look = true;
    }
  }
  return state;
}

/** Ends an upload so that nothing can come of it any more. */
export async function cancelUpload(talk: Talk, session: string): Promise<void> {
  const response = await talk.ask({ method: 'DELETE', at: session, accepts: [400, 404, 410, 499] });
  await response.body?.cancel();
}

/** All is there, or nothing goes, and no video comes of it: it is asked again a little later. */
function stuck(): YouTubeFault {
  return new YouTubeFault(failures.overloaded('YouTube'));
}

/** How far it is, or that there is no such upload, or that it was cancelled. */
const answers = [308, 404, 410, 499];

async function sendPiece(upload: Upload, from: number): Promise<UploadState> {
  const { file, context, addresses, session } = upload;
  const end = Math.min(from + addresses.piece, file.size);
  const told = (sent: number) => context.progress((from + sent) / file.size, file.path);
  let deleted = false;
  const source = async function* () {
    const bytes = await context.blobs.open(file.digest, from);
    deleted = bytes === null;
    if (bytes) yield* onlyFirst(bytes, end - from, told);
  };
  const asked = answerTo(upload, {
    method: 'PUT',
    at: session,
    headers: {
      'content-length': String(end - from),
      'content-range': `bytes ${from}-${end - 1}/${file.size}`,
    },
    body: () => ReadableStream.from(source()) as ReadableStream<Uint8Array>,
    accepts: answers,
  });
  const state = await asked.catch((error: unknown) => {
    throw deleted ? new YouTubeFault(contentGone(file)) : error;
  });
  if (state.kind === 'open' && state.from > end) {
    throw new YouTubeFault(failures.malformed('YouTube', 'that it has more than was sent.'));
  }
  return state;
}

function contentGone({ path }: DeliverableFile): Failure {
  return failures.tool(`The content of ${path} was deleted from the store.`, 'Make the deliverable again.');
}

async function answerTo({ talk, file, context }: Upload, question: Question): Promise<UploadState> {
  const response = await talk.ask(question);
  if (answers.includes(response.status)) {
    await response.body?.cancel();
    if (response.status !== 308) return { kind: 'gone' };
    return { kind: 'open', from: arrived(response, file.size) };
  }
  return { kind: 'done', video: await readAnswer(Video, response, context.signal) };
}

/** The number of bytes that arrived, from `Range: bytes=0-1048575`. */
function arrived({ headers }: Response, size: number): number {
  const range = headers.get('range');
  if (range === null) return 0;
  const last = Number(/^(?:bytes=)?0-(\d{1,15})$/.exec(range.trim())?.[1] ?? Number.NaN);
  if (last < size) return last + 1;
  throw new YouTubeFault(failures.malformed('YouTube', 'a range that cannot be.'));
}

async function* onlyFirst(
  bytes: AsyncIterable<Uint8Array>,
  most: number,
  told: (sent: number) => void,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const piece of bytes) {
    const part = piece.subarray(0, most - sent);
    sent += part.length;
    yield part;
    told(sent);
    if (sent >= most) return;
  }
}
