import { cut, type Medium, type Probe } from './medium.ts';

/** Bytes in which duration and tracks stand. */
const beginning = 1024 * 1024;

const ids = {
  segment: 0x18538067,
  info: 0x1549a966,
  scale: 0x2ad7b1,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  track: 0xae,
  video: 0xe0,
  width: 0xb0,
  height: 0xba,
} as const;
const parents: readonly number[] = [ids.segment, ids.info, ids.tracks, ids.track, ids.video];

/** WebM and Matroska (RFC 9559): the elements before the first cluster tell duration and size. */
export const webm: Probe = async (file) => {
  const start = await file.read(0, beginning);
  if (start.byteLength < 4 || start.getUint32(0) !== 0x1a45dfa3) return null;
  const found = new Map<number, number>();
  let isCut = false;
  const visit = (from: number, to: number): void => {
    for (let at = from; at < to; ) {
      const id = number(start, at, true);
      if (!id) return;
      const size = number(start, at + id.length, false);
      if (!size) return;
      const content = at + id.length + size.length;
      const end = size.unknown ? file.size : content + size.value;
      if (id.value === ids.segment) isCut = end > file.size;
      if (parents.includes(id.value)) visit(content, Math.min(end, to));
      else if (content + size.value <= start.byteLength)
        found.set(id.value, valueAt(start, id.value, content, size.value));
      if (end <= at) return;
      at = end;
    }
  };
  visit(0, start.byteLength);
  return mediumOf(found, isCut);
};

function mediumOf(found: ReadonlyMap<number, number>, isCut: boolean): Medium {
  const width = found.get(ids.width) ?? 0;
  const height = found.get(ids.height) ?? 0;
  const units = found.get(ids.duration) ?? 0;
  const seconds = (units * (found.get(ids.scale) ?? 1_000_000)) / 1e9;
  const told = seconds > 0 && Number.isFinite(seconds) ? { seconds } : {};
  const fault = isCut ? { fault: cut } : {};
  return width > 0
    ? { form: 'WebM', kind: 'video', width, height, ...told, ...fault }
    : { form: 'WebM', kind: 'audio', ...told, ...fault };
}

/** A number of variable length; the mark of its length is part of an id, not of a size. */
function number(view: DataView, at: number, isId: boolean) {
  if (at >= view.byteLength) return null;
  const first = view.getUint8(at);
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > view.byteLength) return null;
  const mask = 0xff >> length;
  let value = isId ? first : first & mask;
  let unknown = !isId && (first & mask) === mask;
  for (let index = 1; index < length; index++) {
    const byte = view.getUint8(at + index);
    value = value * 256 + byte;
    unknown &&= byte === 0xff;
  }
  return { value, length, unknown };
}

function valueAt(view: DataView, id: number, at: number, size: number): number {
  if (id === ids.duration) return size === 8 ? view.getFloat64(at) : size === 4 ? view.getFloat32(at) : 0;
  let value = 0;
  for (let index = 0; index < Math.min(size, 6); index++) value = value * 256 + view.getUint8(at + index);
  return value;
}
