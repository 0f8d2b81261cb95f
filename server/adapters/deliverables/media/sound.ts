import { letters } from '../bytes.ts';
import { cut, type Probe } from './medium.ts';

/** WAV: the chunk `fmt ` tells how many bytes a second takes, `data` how many there are. */
export const wav: Probe = async (file) => {
  const start = await file.read(0, 65_536);
  if (start.byteLength < 12 || letters(start, 0) !== 'RIFF' || letters(start, 8) !== 'WAVE') return null;
  let rate = 0;
  for (let at = 12; at + 8 <= start.byteLength; ) {
    const [name, size] = [letters(start, at), start.getUint32(at + 4, true)];
    if (name === 'fmt ' && at + 20 <= start.byteLength) rate = start.getUint32(at + 16, true);
    if (name === 'data') {
      const isStream = size === 0xffffffff;
      const isCut = !isStream && at + 8 + size > file.size;
      const bytes = isStream || isCut ? file.size - at - 8 : size;
      const told = rate > 0 ? { seconds: bytes / rate } : {};
      return { form: 'WAV', kind: 'audio', ...told, ...(isCut ? { fault: cut } : {}) };
    }
    at += 8 + size + (size % 2);
  }
  return { form: 'WAV', kind: 'audio', fault: 'holds no sound' };
};

/** FLAC (RFC 9639): the first block tells rate and samples. */
export const flac: Probe = async (file) => {
  const start = await file.read(0, 42);
  if (start.byteLength < 4 || letters(start, 0) !== 'fLaC') return null;
  if (start.byteLength < 42) return { form: 'FLAC', kind: 'audio', fault: cut };
  const rate = start.getUint32(18) >>> 12;
  const samples = (start.getUint8(21) & 0xf) * 2 ** 32 + start.getUint32(22);
  return { form: 'FLAC', kind: 'audio', ...(rate > 0 && samples > 0 ? { seconds: samples / rate } : {}) };
};

/** Ogg (RFC 3533) with Opus or Vorbis: the last page tells how many samples there were. */
export const ogg: Probe = async (file) => {
  const start = await file.read(0, 128);
  if (start.byteLength < 48 || letters(start, 0) !== 'OggS') return null;
  const content = 27 + start.getUint8(26);
  const name = content + 16 <= start.byteLength ? letters(start, content, 8) : '';
  const rate =
    name === 'OpusHead' ? 48_000 : name.startsWith('\x01vorbis') ? start.getUint32(content + 12, true) : 0;
  if (rate === 0) return { form: 'Ogg', kind: 'audio' };
  const end = await file.read(Math.max(0, file.size - 65_536), 65_536);
  const page = letters(end, 0, end.byteLength).lastIndexOf('OggS');
  if (page < 0 || page + 14 > end.byteLength) return { form: 'Ogg', kind: 'audio', fault: cut };
  const isLast = (end.getUint8(page + 5) & 4) !== 0;
  const seconds = Number(end.getBigUint64(page + 6, true)) / rate;
  return { form: 'Ogg', kind: 'audio', seconds, ...(isLast ? {} : { fault: cut }) };
};

const rates = [44_100, 48_000, 32_000];
/** In kbit/s, of layer 3: of version 1, and of 2 and 2.5. */
const bits = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/** MP3: the first frame tells the rates; a note in it tells how many frames there are, else size and rate do. */
export const mp3: Probe = async (file) => {
  const tag = await file.read(0, 10);
  const isTagged = tag.byteLength === 10 && letters(tag, 0, 3) === 'ID3';
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (isTagged ? tag.getUint8(at) & 0x7f : 0), 0);
  const from = isTagged ? 10 + size : 0;
  const frame = await file.read(from, 256);
  if (frame.byteLength < 64) return isTagged ? { form: 'MP3', kind: 'audio', fault: cut } : null;
  const head = frame.getUint32(0);
  const [version, layer] = [(head >>> 19) & 3, (head >>> 17) & 3];
  if (head >>> 21 !== 0x7ff || layer !== 1 || version === 1) return null;
  const isFirst = version === 3;
  const kilobits = bits[isFirst ? 0 : 1]?.[(head >>> 12) & 15] ?? 0;
  const rate = (rates[(head >>> 10) & 3] ?? 0) / (isFirst ? 1 : version === 2 ? 2 : 4);
  if (kilobits === 0 || rate === 0) return null;
  const frames = framesIn(frame);
  const seconds = frames
    ? (frames * (isFirst ? 1152 : 576)) / rate
    : ((file.size - from) * 8) / kilobits / 1000;
  return { form: 'MP3', kind: 'audio', seconds };
};

function framesIn(frame: DataView): number | null {
  const text = letters(frame, 0, frame.byteLength);
  const at = text.search(/Xing|Info/);
  const isTold = at > 0 && at + 12 <= frame.byteLength && (frame.getUint32(at + 4) & 1) !== 0;
  return isTold ? frame.getUint32(at + 8) : null;
}
