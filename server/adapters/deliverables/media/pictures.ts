import { readHeader } from '../../images/header.ts';
import { letters, type Reach } from '../bytes.ts';
import { cut, type Medium, type Probe } from './medium.ts';

const forms = { 'image/png': 'PNG', 'image/jpeg': 'JPEG', 'image/gif': 'GIF', 'image/webp': 'WebP' } as const;
/** Bytes in which the size of a picture stands. */
const beginning = 1024 * 1024;

/** PNG, JPEG, GIF and WebP by their headers, and by how each says that it ends. */
export const pictures: Probe = async (file) => {
  const start = await file.read(0, beginning);
  const header = readHeader(new Uint8Array(start.buffer, start.byteOffset, start.byteLength));
  if (!header) return startsAsPicture(start) ? { form: 'picture', kind: 'image', fault: cut } : null;
  const { type, width, height } = header;
  const form = forms[type as keyof typeof forms];
  const medium: Medium = { form, kind: 'image', width, height };
  if (width === 0 || height === 0) return { ...medium, fault: 'has no extent' };
  return (await isWhole(form, file, start)) ? medium : { ...medium, fault: cut };
};

function startsAsPicture(start: DataView): boolean {
  if (start.byteLength < 4) return false;
  return /^(\x89PNG|GIF8|\xff\xd8\xff)/.test(letters(start, 0));
}

async function isWhole(form: string, file: Reach, start: DataView): Promise<boolean> {
  if (form === 'WebP') return start.getUint32(4, true) + 8 <= file.size;
  const end = await file.read(Math.max(0, file.size - 4096), 4096);
  const text = letters(end, 0, end.byteLength);
  if (form === 'PNG') return text.includes('IEND');
  if (form === 'GIF') return text.replace(/\0+$/, '').endsWith(';');
  return text.includes('\xff\xd9');
}
