/**
 * Turns the relative goals of calls and jumps in x86 machine code into absolute ones, in place, so that the same goal is
 * the same bytes everywhere and packs smaller; the way of LZX (Microsoft's cabinet format). `backwards` undoes it
 * exactly, for any bytes.
 */
export function x86Calls(code: Uint8Array, direction: 'forwards' | 'backwards'): void {
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const size = code.length;
  const turned = direction === 'forwards' ? absolute : relative;
  for (let at = 0; at + 5 <= size; at++) {
    if (code[at] !== call && code[at] !== jump) continue;
    view.setInt32(at + 1, turned(view.getInt32(at + 1, true), at, size), true);
    at += 4;
  }
}

const call = 0xe8;
const jump = 0xe9;

function absolute(goal: number, at: number, size: number): number {
  if (goal >= -at && goal < size - at) return goal + at;
  return goal >= size - at && goal < size ? goal - size : goal;
}

function relative(goal: number, at: number, size: number): number {
  if (goal >= 0 && goal < size) return goal - at;
  return goal < 0 && goal >= -at ? goal + size : goal;
}
