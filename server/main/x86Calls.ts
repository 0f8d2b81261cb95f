/**
 * Turns what is relative in x86 machine code into absolute places, in place, so that the same goal is the same bytes everywhere
 * and packs smaller: the goals of calls and jumps, after the way of LZX (Microsoft's cabinet format), and in 64-bit code the places
 * that are loaded from and whose addresses are taken. `backwards` undoes it exactly, for any bytes.
 */
export function x86Calls(code: Uint8Array, direction: 'forwards' | 'backwards'): void {
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const size = code.length;
  const turned = direction === 'forwards' ? absolute : relative;
  for (let at = 0; at + 5 <= size; at++) {
    const length = opcodeLength(code, at);
    if (length === 0 || at + length + 4 > size) continue;
    at += length;
    view.setInt32(at, turned(view.getInt32(at, true), at - 1, size), true);
    at += 3;
  }
}

/**
 * The bytes of an instruction before its relative part, 0 where none begins. What it looks at is never a part that was turned
 * before, so that both directions see the same instructions.
 */
function opcodeLength(code: Uint8Array, at: number): number {
  const first = code[at] ?? 0;
  const second = code[at + 1] ?? 0;
  if (first === call || first === jump) return 1;
  if (first === indirect && (second === callThere || second === jumpThere)) return 2;
  const isWide = (first & 0xf8) === 0x48 && (second === load || second === takeAddress);
  return isWide && ((code[at + 2] ?? 0) & 0xc7) === relativeToHere ? 3 : 0;
}

const call = 0xe8;
const jump = 0xe9;
const indirect = 0xff;
const callThere = 0x15;
const jumpThere = 0x25;
const load = 0x8b;
const takeAddress = 0x8d;
const relativeToHere = 5;

function absolute(goal: number, at: number, size: number): number {
  if (goal >= -at && goal < size - at) return goal + at;
  return goal >= size - at && goal < size ? goal - size : goal;
}

function relative(goal: number, at: number, size: number): number {
  if (goal >= 0 && goal < size) return goal - at;
  return goal < 0 && goal >= -at ? goal + size : goal;
}
