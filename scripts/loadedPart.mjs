/**
 * What a system loads of a program: of a 64-bit ELF file up to the end of its last segment. What follows, symbols and
 * the names of sections, only debuggers and linkers read. Anything else stays as it is.
 */
export function loadedPart(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isElf = bytes.length > 64 && view.getUint32(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
  if (!isElf) return bytes;
  const segments = Number(view.getBigUint64(32, true));
  const size = view.getUint16(54, true);
  const ends = Array.from({ length: view.getUint16(56, true) }, (_, index) => {
    const at = segments + index * size;
    return Number(view.getBigUint64(at + 8, true) + view.getBigUint64(at + 32, true));
  });
  const loaded = bytes.subarray(0, Math.max(64, ...ends));
  // Where its sections stand, how many they are, and which of them names them.
  loaded.fill(0, 40, 48);
  loaded.fill(0, 60, 64);
  return loaded;
}
