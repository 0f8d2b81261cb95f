import { letters, type Reach } from '../bytes.ts';
import { cut, type Medium, type Probe } from './medium.ts';

/** Bytes of the longest index that is read. */
const longestIndex = 32 * 1024 * 1024;
/** A film in pieces has two boxes a piece; more of them are not followed, and nothing is said of the rest. */
const mostBoxes = 10_000;

interface Box {
  readonly type: string;
  /** Where its content begins and ends in the file. */
  readonly from: number;
  readonly to: number;
}

/** MP4 and QuickTime (ISO/IEC 14496-12): the index `moov` tells duration, size and tracks. */
export const mp4: Probe = async (file) => {
  const start = await file.read(0, 12);
  if (start.byteLength < 12 || !/^(ftyp|moov|wide|mdat)$/.test(letters(start, 4))) return null;
  const bare: Medium = { form: 'MP4', kind: 'video' };
  let index: Box | null = null;
  let count = 0;
  for (let at = 0; at < file.size; ) {
    const box = await boxAt(file, at);
    if (!box || box.to > file.size) return { ...bare, fault: cut };
    if (box.type === 'moov') index = box;
    at = box.to;
    if (++count > mostBoxes) break;
  }
  if (!index && count > mostBoxes) return bare;
  if (!index) return { ...bare, fault: 'has no index, so that nothing can play it' };
  if (index.to - index.from > longestIndex) return bare;
  return mediumOf(await file.read(index.from, index.to - index.from));
};

async function boxAt(file: Reach, at: number): Promise<Box | null> {
  const head = await file.read(at, 16);
  if (head.byteLength < 8) return null;
  const size = head.getUint32(0);
  const type = letters(head, 4);
  if (size === 0) return { type, from: at + 8, to: file.size };
  if (size === 1 && head.byteLength === 16) {
    return { type, from: at + 16, to: at + Math.max(16, Number(head.getBigUint64(8))) };
  }
  return size < 8 ? null : { type, from: at + 8, to: at + size };
}

function mediumOf(index: DataView): Medium {
  let seconds: number | undefined;
  let width = 0;
  let height = 0;
  let hasPicture = false;
  const visit = (from: number, to: number, depth: number): void => {
    for (let at = from; at + 8 <= to; ) {
      const size = index.getUint32(at);
      if (size < 8 || at + size > to) return;
      const type = letters(index, at + 4);
      if (type === 'mvhd') seconds = durationAt(index, at + 8);
      if (type === 'hdlr' && letters(index, at + 16) === 'vide') hasPicture = true;
      if (type === 'tkhd') {
        width = Math.max(width, index.getUint32(at + size - 8) >>> 16);
        height = Math.max(height, index.getUint32(at + size - 4) >>> 16);
      }
      if ((type === 'trak' || type === 'mdia') && depth < 4) visit(at + 8, at + size, depth + 1);
      at += size;
    }
  };
  try {
    visit(0, index.byteLength, 0);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { form: 'MP4', kind: 'video', fault: 'has a damaged index' };
  }
  const told = seconds ? { seconds } : {};
  return hasPicture
    ? { form: 'MP4', kind: 'video', width, height, ...told }
    : { form: 'MP4', kind: 'audio', ...told };
}

function durationAt(index: DataView, at: number): number {
  const isLong = index.getUint8(at) === 1;
  const scale = index.getUint32(at + (isLong ? 20 : 12));
  const units = isLong ? Number(index.getBigUint64(at + 24)) : index.getUint32(at + 16);
  return scale === 0 ? 0 : units / scale;
}
