import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Images, SmallImage } from '../../core/ports/images.ts';
import { bad, failures, type Outcome } from '../../protocol/failure.ts';
import type { Errand } from './drawing.ts';
import { readHeader } from './header.ts';

/** A picture of more pixels than this is not drawn: a small file may hold a very large one. */
const mostPixels = 36_000_000;
/** The longest edge that all kinds but PNG can have. */
const longestEdge = 65_535;
/** How long one image may take, in ms. */
const longestDrawing = 30_000;

/** What a thread may take beside the pixels. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };
/** What readers print is thrown away: a client may be listening to this process. */
const unheard = { stdout: true, stderr: true };

/** Draws images in a thread of its own, one after another, so that nothing else waits and no memory stays taken. */
export function createImages(): Images {
  let last: Promise<unknown> = Promise.resolve();
  return {
    shrink: (bytes) => {
      const next = last.then(() => shrink(bytes));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

async function shrink(bytes: Uint8Array): Promise<Outcome<SmallImage>> {
  const header = readHeader(bytes);
  if (!header || header.width === 0 || header.height === 0) {
    return bad(
      failures.invalid(
        'data',
        'This is no PNG, JPEG, GIF or WebP.',
        'Choose an image of one of these kinds.',
      ),
    );
  }
  const { width, height } = header;
  if (width * height > mostPixels || Math.max(width, height) > longestEdge)
    return bad(tooLarge(`${width} × ${height} pixels`));
  return drawn({ bytes, header });
}

/** Runs the thread to its one answer; one that dies or takes too long is a failure. */
async function drawn(errand: Errand): Promise<Outcome<SmallImage>> {
  const { place } = await import('./drawing.ts');
  const thread = new Worker(place, { workerData: errand, resourceLimits, ...unheard });
  try {
    const [outcome] = await once(thread, 'message', { signal: AbortSignal.timeout(longestDrawing) });
    return outcome as Outcome<SmallImage>;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return bad(tooLarge('to be drawn in half a minute'));
    return bad(
      failures.invalid(
        'data',
        `The image cannot be drawn: ${(error as Error).message}.`,
        'Choose another one.',
      ),
    );
  } finally {
    await thread.terminate();
  }
}

function tooLarge(how: string) {
  return failures.invalid(
    'data',
    `The image is too large: ${how}.`,
    'Make it smaller, or cut out what matters.',
  );
}
