import path from 'node:path';
import type { ToolContext } from '../../../core/ports/tool.ts';
import { findSpot } from '../files/places.ts';

/** Names that are tried. */
const most = 20;

/** A path beside one at which something stands, as `light-2.png`; `null` where nothing stands there, or all are taken. */
export async function freePath(taken: string, context: ToolContext): Promise<string | null> {
  if (!(await isThere(taken, context))) return null;
  const { dir, name, ext } = path.posix.parse(taken);
  for (let nth = 2; nth < most; nth++) {
    const free = path.posix.join(dir, `${name}-${nth}${ext}`);
    if (!(await isThere(free, context))) return free;
  }
  return null;
}

async function isThere(given: string, context: ToolContext): Promise<boolean> {
  const spot = await findSpot(given, context);
  return !spot.ok || spot.value.exists;
}
