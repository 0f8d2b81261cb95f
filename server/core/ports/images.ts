import type { Outcome } from '../../protocol/failure.ts';
import type { Image } from '../../protocol/provider.ts';

/** An image as it is kept and shown to models. */
export interface SmallImage {
  readonly bytes: Uint8Array;
  readonly type: Image['type'];
  readonly width: number;
  readonly height: number;
}

/** What draws images. */
export interface Images {
  /**
   * Makes an image as small as models look at it, upright and without what it says of its maker and place. What is
   * no image, or too large to be drawn, is a failure.
   */
  shrink(bytes: Uint8Array): Promise<Outcome<SmallImage>>;
}
