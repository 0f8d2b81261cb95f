import { type Failure, failures, type Outcome } from '../../server/protocol/failure.ts';
import { addImage } from '../../server/protocol/job.ts';
import { Image } from '../../server/protocol/provider.ts';
import type { Text } from '../strings.ts';
import { size } from '../text/measures.ts';
import type { DraftImage, Kept } from './host.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

/** Images that one job takes, and bytes of each before it is made smaller. */
export const mostImages = 20;
const mostBytes = 22_000_000;
/** The longest edge of what is shown of an image, in pixels. */
const thumbEdge = 96;

/** Reads images that a person gave, hands them to the worker to keep, and puts them to the draft of the session. */
export async function addImages(
  state: PageState,
  send: Send,
  session: string,
  files: readonly File[],
): Promise<void> {
  const t = state.text.value;
  for (const file of files) {
    state.adding.value += 1;
    const added = await read(file, (state.kept.value.images[session] ?? []).length, t, send);
    state.adding.value -= 1;
    if (!added.ok) {
      state.notice.value = { kind: 'failure', failure: added.failure };
      return;
    }
    const { value } = added;
    const before = state.kept.value.images[session] ?? [];
    if (!before.some(({ image }) => image.digest === value.image.digest))
      keepImages(state, session, [...before, value]);
    state.thumbs.value = { ...state.thumbs.value, [value.image.digest]: value.thumb };
  }
}

/** Keeps the images of a session's draft. */
export function keepImages(state: PageState, session: string, images: readonly DraftImage[]): void {
  const { [session]: _, ...others } = state.kept.value.images;
  const kept: Kept['images'] = images.length === 0 ? others : { ...others, [session]: [...images] };
  state.kept.value = { ...state.kept.value, images: kept };
}

async function read(file: File, there: number, t: Text, send: Send): Promise<Outcome<DraftImage>> {
  const name = file.name || t('image.list');
  const no = (failure: Failure): Outcome<never> => ({ ok: false, failure });
  if (there >= mostImages)
    return no(failures.invalid('images', t('image.tooMany', { n: mostImages }), t('image.tooManyMend')));
  if (file.size > mostBytes) {
    const what = t('image.tooLarge', { name, size: size(mostBytes) });
    return no(failures.invalid('images', what, t('image.tooLargeMend')));
  }
  const thumb = types.includes(file.type) ? await thumbOf(file) : null;
  if (thumb === null)
    return no(failures.invalid('images', t('image.notOne', { name }), t('image.notOneMend')));
  const kept = await send(addImage, { data: await base64Of(file) });
  return kept.ok ? { ok: true, value: { image: kept.value, thumb } } : kept;
}

const types: readonly string[] = Image.shape.type.options;

/** A small picture of an image; `null` where it cannot be read as one. */
async function thumbOf(file: File): Promise<string | null> {
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, thumbEdge / Math.max(whole.width, whole.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    canvas.getContext('2d')?.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    return canvas.toDataURL('image/webp', 0.8);
  } catch {
    return null;
  }
}

/** The bytes of a file, or of a part of one, in base 64. */
export function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
