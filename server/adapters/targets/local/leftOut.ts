import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { jsonAt } from './jsonAt.ts';
import { type Leaf, Look } from './tree.ts';

/** What a new version leaves out of the old one on purpose, as it was seen: what is otherwise by now was changed since. */
export type LeftOut = ReadonlyMap<string, Look>;

/** Writes into a stage what its new version leaves out, for whoever ends it. */
export async function writeLeftOut(stage: string, leaves: readonly Leaf[]): Promise<void> {
  const looks = leaves.map(({ path: name, kind, ino, size, changed, to }) => [
    name,
    { kind, ino, size, changed, to },
  ]);
  await writeFile(path.join(stage, fileName), JSON.stringify(looks));
}

/** What the new version of a stage leaves out; nothing where that cannot be read. */
export async function readLeftOut(stage: string): Promise<LeftOut> {
  return new Map(Looks.safeParse(await jsonAt(path.join(stage, fileName))).data ?? []);
}

const fileName = 'left-out.json';
const Looks = z.array(z.tuple([z.string(), Look]));
