import type { Reach } from '../bytes.ts';

/** What a medium says of itself. */
export interface Medium {
  /** As `PNG` or `MP4`. */
  readonly form: string;
  readonly kind: 'image' | 'audio' | 'video';
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  /** What is wrong with it, as the end of a sentence that begins with its name. */
  readonly fault?: string;
}

/** Looks at a file; `null` where it is not of this form. A read beyond its end means that it was cut. */
export type Probe = (file: Reach) => Promise<Medium | null>;

/** Why a file that ends too early cannot be used. */
export const cut = 'ends before it is whole';
