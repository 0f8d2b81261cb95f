import type { Filming, Provider } from '../../../core/ports/provider.ts';
import type { ToolContext } from '../../../core/ports/tool.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { typeOf } from './kinds.ts';

/** An order at a provider, by its name there. */
export interface Order {
  readonly film: Filming;
  readonly provider: Provider;
  readonly name: string;
  /** Told once it is to be paid for: it was made, and its bytes come, or it cannot be called off. */
  paid(): Promise<void>;
}

/** Tries to fetch what is ready, and the pause between two of them, in ms. */
const tries = 8;
const pause = 5_000;

/** Waits until a video is ready and keeps it in the store, piece by piece; what broke off is fetched again. */
export async function take(
  order: Order,
  context: ToolContext,
): Promise<Outcome<{ digest: string; what: string }>> {
  const { film, provider, name } = order;
  const progress = (fraction: number) => context.progress(fraction, `${provider.title} makes the video`);
  const { signal } = context;
  const sleep = (ms: number, until: AbortSignal) => context.clock.sleep(ms, until);
  let last: Failure = failures.cut(provider.title);
  for (let count = 0; count < tries && !signal.aborted; count++) {
    if (count > 0) await sleep(pause, signal);
    const ready = await film.wait(name, { signal, sleep, progress });
    if (!ready.ok) return signal.aborted ? stopped(order, context) : ready;
    await order.paid();
    context.progress(1, `Fetching the video from ${provider.title}`);
    const taken = await film.take({ name, at: ready.value }, (pieces) => kept(pieces, context), signal);
    if (signal.aborted) return stopped(order, context);
    if (taken.ok) return videoOnly(taken.value, provider);
    last = taken.failure;
    if (!passing.has(last.kind)) return bad(notFetched(provider, last));
  }
  return signal.aborted ? stopped(order, context) : bad(notFetchedYet(provider, last));
}

const passing: ReadonlySet<Failure['kind']> = new Set(['offline', 'limited', 'overloaded', 'cut']);

interface Kept {
  readonly digest: string;
  readonly size: number;
  readonly head: Buffer;
}

async function kept(pieces: AsyncIterable<Uint8Array>, { blobs }: ToolContext): Promise<Kept> {
  let head = Buffer.alloc(0);
  async function* watched() {
    for await (const piece of pieces) {
      if (head.length < 12) head = Buffer.concat([head, piece.subarray(0, 12)]);
      yield piece;
    }
  }
  return { ...(await blobs.putAll(watched())), head };
}

function videoOnly({ digest, size, head }: Kept, { title }: Provider) {
  const kind = typeOf(head);
  if (!kind || !videos.has(kind.ending)) return bad(failures.malformed(title, 'no video.'));
  const odd = kind.ending === '.mp4' ? '' : ', in spite of its name';
  return good({ digest, what: `${size} bytes of ${kind.name}${odd}` });
}

const videos: ReadonlySet<string> = new Set(['.mp4', '.webm']);

/** After an abort the service is told so, or it counts as paid; after anything else the order stands, for whoever takes it up. */
async function stopped(
  { film, name, provider, paid }: Order,
  { signal }: ToolContext,
): Promise<Outcome<never>> {
  if (signal.reason === 'abort' && !(await film.stop(name))) await paid();
  return bad(
    failures.cancelled(`The video is not waited for; ${provider.title} may charge for it all the same.`),
  );
}

/** What passes is waited for, and then it is fetched again. */
const notFetchedYet = ({ title }: Provider, { what }: Failure): Failure =>
  failures.offline(`The video is ready and paid for at ${title}, but could not be fetched: ${what}`);

const notFetched = ({ title }: Provider, { what }: Failure): Failure =>
  failures.tool(
    `The video is ready at ${title}, but could not be fetched: ${what}`,
    `Look for it in the account at ${title}; asked for anew, it costs again.`,
  );
