import type { Image } from '../protocol/provider.ts';

/** Bytes of text that one token stands for where nothing was counted yet: fewer than most texts have, so that the estimate is rather too high. */
const bytesPerToken = 3;
/** A text that is added may be denser than what was counted; none is expected to be sparser than this. */
const sparsest = 4;
/** Square pixels of an image that one token stands for (the providers' public pages agree within a third). */
const pixelsPerToken = 750;

/** A request that was answered: its size in bytes, and the tokens that its provider counted. */
export interface Counted {
  readonly size: number;
  readonly tokens: number;
}

/**
 * How many tokens a request of a size in bytes has, roughly: what its provider counted for an earlier request
 * that this one begins with, and an estimate of what was added since.
 */
export function estimateTokens(size: number, counted: Counted | null): number {
  if (!counted || counted.size > size || !isCredible(counted)) return Math.ceil(size / bytesPerToken);
  const rate = Math.max(counted.tokens / counted.size, 1 / sparsest);
  return Math.ceil(counted.tokens + (size - counted.size) * rate);
}

/** Some services count nothing, or something else. */
function isCredible({ size, tokens }: Counted): boolean {
  return tokens > size / 12 && tokens < size;
}

/** The size in bytes of UTF-8 that so many tokens have at least. */
export function bytesOf(tokens: number): number {
  return Math.max(0, Math.floor(tokens * bytesPerToken));
}

/** The size of a text in bytes of UTF-8; a character outside the basic plane counts six instead of four. */
export function sizeOf(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) size += code > 0x7ff ? 2 : 1;
  }
  return size;
}

/** The size of the text that costs as many tokens as an image does. */
export function sizeOfImage({ width, height }: Pick<Image, 'width' | 'height'>): number {
  return bytesOf((width * height) / pixelsPerToken);
}
