import { setImmediate as otherWork } from 'node:timers/promises';
import { Parser } from 'htmlparser2';
import type { Blobs } from '../../../core/ports/store.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { deepest } from '../page.ts';
import type { Medium } from './medium.ts';

const longest = 16 * 1024 * 1024;
/** Characters that are read at once. */
const stride = 256 * 1024;

/** SVG: its root, and that every element of it has its end; `null` where it is none. */
export async function checkDrawing(
  { digest, size }: DeliverableFile,
  blobs: Blobs,
  signal: AbortSignal,
): Promise<Medium | null> {
  if (size > longest) return { form: 'SVG', kind: 'image' };
  const text = new TextDecoder().decode((await blobs.get(digest)) ?? undefined);
  let root: { name: string; attributes: Readonly<Record<string, string>> } | null = null;
  let isOpen = false;
  let depth = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        root ??= { name, attributes };
        if (++depth <= deepest) return;
        isOpen = true;
        parser.pause();
      },
      onclosetag: (name, isImplied) => {
        depth--;
        const isSelfClosed = text.slice(parser.startIndex, parser.endIndex + 1).endsWith('/>');
        isOpen ||= isImplied && !isSelfClosed && name !== '';
      },
    },
    { xmlMode: true },
  );
  for (let at = 0; at < text.length && depth <= deepest; at += stride) {
    await otherWork();
    signal.throwIfAborted();
    parser.write(text.slice(at, at + stride));
  }
  parser.end();
  return mediumOf(root, isOpen);
}

function mediumOf(
  root: { name: string; attributes: Readonly<Record<string, string>> } | null,
  isOpen: boolean,
): Medium | null {
  if (root === null || !/^(\w+:)?svg$/.test(root.name)) return null;
  const { width = '', height = '', viewBox = '' } = root.attributes;
  const box = viewBox
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const told = [Number.parseFloat(width) || box[2], Number.parseFloat(height) || box[3]];
  const [across, down] = told.map((one) =>
    one && Number.isFinite(one) && !/%$/.test(width) ? one : undefined,
  );
  const size = across && down ? { width: across, height: down } : {};
  return { form: 'SVG', kind: 'image', ...size, ...(isOpen ? { fault: 'has elements without an end' } : {}) };
}
