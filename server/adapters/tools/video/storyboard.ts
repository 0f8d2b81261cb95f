import type { ToolContext } from '../../../core/ports/tool.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { type Cut, secondsOf } from './argv.ts';
import { findMaterial, type Material } from './material.ts';

/** A video as a call wants it. */
export interface Wanted {
  readonly slides: readonly { readonly image: string; readonly seconds?: number | undefined }[];
  readonly speech?: string | undefined;
  readonly subtitles?: string | undefined;
  readonly size: string;
}

/** What is put together, by the names that the files get. */
export interface Storyboard {
  readonly cut: Cut;
  readonly materials: ReadonlyMap<string, Material>;
  readonly effects: readonly Effect[];
}

/** The longest video, in seconds. */
const longest = 2 * 60 * 60;
/** How long a picture is shown where nothing says it. */
const usual = 5;
const largestImage = 64 * 1024 * 1024;
const largestSubtitles = 2 * 1024 * 1024;

/** Looks at everything that the video is made of, and works out how long each picture is shown. */
export async function storyboardOf(wanted: Wanted, context: ToolContext): Promise<Outcome<Storyboard>> {
  const materials = new Map<string, Material>();
  const effects: Effect[] = [];
  const take = async (
    from: string,
    field: string,
    name: (found: Material) => string,
  ): Promise<Outcome<string>> => {
    const found = await findMaterial(from, field, context);
    if (!found.ok) return found;
    const { material } = found.value;
    effects.push(...found.value.effects);
    const own = name(material);
    materials.set(own, material);
    return good(own);
  };
  const names: string[] = [];
  for (const [index, { image }] of wanted.slides.entries()) {
    const field = `slides.${index}.image`;
    const named = await take(
      image,
      field,
      ({ medium }) => `slide${index}.${endings[medium?.form ?? ''] ?? 'png'}`,
    );
    if (!named.ok) return named;
    const fault = imageFault(materials.get(named.value), field, image);
    if (fault) return fault;
    names.push(named.value);
  }
  const speech =
    wanted.speech === undefined ? good(null) : await take(wanted.speech, 'speech', () => 'speech');
  if (!speech.ok) return speech;
  const subtitles =
    wanted.subtitles === undefined
      ? good(null)
      : await take(wanted.subtitles, 'subtitles', () => 'words.srt');
  if (!subtitles.ok) return subtitles;
  const sound = speech.value === null ? null : materials.get(speech.value);
  const fault = sound ? soundFault(sound, wanted.speech ?? '') : null;
  if (fault) return fault;
  if (subtitles.value !== null && (materials.get(subtitles.value)?.size ?? 0) > largestSubtitles) {
    return wrong('subtitles', `${wanted.subtitles} is too large for subtitles.`);
  }
  const [width = 0, height = 0] = wanted.size.split('x').map(Number);
  const slides = timed(wanted, names, sound?.medium?.seconds ?? null);
  const cut: Cut = { slides, speech: speech.value, subtitles: subtitles.value, width, height };
  if (secondsOf(cut) > longest) return wrong('slides', 'The video would be longer than two hours.');
  return good({ cut, materials, effects });
}

const endings: Readonly<Record<string, string>> = { PNG: 'png', JPEG: 'jpg', GIF: 'gif', WebP: 'webp' };

/** Pictures without a time of their own share what the speech leaves; the last one stays until the speech is over. */
function timed({ slides }: Wanted, names: readonly string[], speech: number | null): Cut['slides'] {
  const told = slides.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  const open = slides.filter(({ seconds }) => seconds === undefined).length;
  const share = speech === null || open === 0 ? usual : Math.max(1, (speech - told) / open);
  const all = slides.map(({ seconds = share }, index) => ({ name: names[index] ?? '', seconds }));
  const rest = (speech ?? 0) - all.reduce((sum, { seconds }) => sum + seconds, 0);
  return all.map((one, index) =>
    index === all.length - 1 && rest > 0 ? { ...one, seconds: one.seconds + rest } : one,
  );
}

function isUnseen(material: Material): boolean {
  return material.source.kind === 'file' && material.source.spot.place === 'outside';
}

function imageFault(material: Material | undefined, field: string, image: string): Outcome<never> | null {
  if (!material || isUnseen(material)) return null;
  const { medium, size } = material;
  if (medium?.kind !== 'image' || !endings[medium.form])
    return wrong(field, `${image} is no PNG, JPEG, GIF or WebP.`);
  if (medium.fault) return wrong(field, `${image} ${medium.fault}.`);
  return size > largestImage ? wrong(field, `${image} is larger than 64 MB.`) : null;
}

function soundFault(material: Material, speech: string): Outcome<never> | null {
  if (isUnseen(material)) return null;
  const { medium } = material;
  if (medium?.kind !== 'audio') return wrong('speech', `${speech} is no sound that is known.`);
  if (medium.fault) return wrong('speech', `${speech} ${medium.fault}.`);
  return medium.seconds ? null : wrong('speech', `${speech} does not say how long it is.`);
}

function wrong(field: string, what: string): Outcome<never> {
  return bad(failures.invalid(field, `"${field}": ${what}`, 'Take another file.'));
}
