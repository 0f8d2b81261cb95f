import type { Reach } from '../bytes.ts';
import type { Medium, Probe } from './medium.ts';
import { mp4 } from './mp4.ts';
import { pictures } from './pictures.ts';
import { flac, mp3, ogg, wav } from './sound.ts';
import { webm } from './webm.ts';

/** Every form that is known: a new one is one function and one word here; MP3 has the weakest mark, so it is last. */
const probes: readonly Probe[] = [pictures, mp4, webm, wav, flac, ogg, mp3];

/** What a file says of itself; `null` where it is of no form that is known. */
export async function probe(file: Reach): Promise<Medium | null> {
  for (const one of probes) {
    try {
      const medium = await one(file);
      if (medium) return medium;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return null;
}
