/** What a command wrote: its beginning and its end, where it is too much to keep whole. */
export interface OutputBuffer {
  push(text: string): void;
  /** Everything kept, with a word on what was left out. */
  text(): string;
  /** The newest part. */
  tail(length: number): string;
  /** Characters that came. */
  length(): number;
}

const headLength = 256 * 1024;
const tailLength = 768 * 1024;

/** Keeps so much of an output as is of use. */
export function outputBuffer(): OutputBuffer {
  let head = '';
  let tail = '';
  let left = 0;
  let length = 0;
  return {
    push(text) {
      length += text.length;
      const room = headLength - head.length;
      if (room > 0) head += text.slice(0, room);
      const rest = room > 0 ? text.slice(room) : text;
      if (rest === '') return;
      tail += rest;
      // Cut seldom, for a cut copies.
      if (tail.length > tailLength * 2) {
        left += tail.length - tailLength;
        tail = tail.slice(-tailLength);
      }
    },
    text() {
      const more = Math.max(0, tail.length - tailLength);
      const gap = left + more;
      if (gap === 0) return head + tail;
      return `${head.toWellFormed()}\n[… ${gap} characters were not kept …]\n${tail.slice(more).toWellFormed()}`;
    },
    tail: (wanted) => (head + tail).slice(-wanted).toWellFormed(),
    length: () => length,
  };
}
