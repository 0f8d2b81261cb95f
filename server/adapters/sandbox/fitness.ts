import { homedir } from 'node:os';
import path from 'node:path';
import { isWithin } from '../tools/files/places.ts';
import { findGuarded } from './guardedFiles.ts';

/** Why nothing can hold a command in a workspace, and what mends it. */
export interface Unfit {
  readonly why: string;
  readonly mend: string;
}

/** How long a workspace that could be looked through counts as one, in ms. */
const fresh = 30_000;

/** Judges workspaces: one that holds a home folder, or our own, would open what must stay closed. */
export function openFitness(
  own: readonly string[],
): (workspace: string, signal: AbortSignal) => Promise<Unfit | null> {
  const looked = new Map<string, number>();
  return async (workspace, signal) => {
    const home = homedir();
    const keeps = [...(home === '/' ? [] : [home]), ...people, ...own];
    if (workspace === path.parse(workspace).root || keeps.some((folder) => isWithin(folder, workspace))) {
      return tooWide;
    }
    if (performance.now() - (looked.get(workspace) ?? Number.NEGATIVE_INFINITY) < fresh) return null;
    if (!(await findGuarded(workspace, signal))) return tooLarge;
    looked.set(workspace, performance.now());
    return null;
  };
}

/** Where the homes of people lie. */
const people = ['/home', '/root', '/Users'];

/** A workspace that is too large to be looked through. */
export const tooLarge: Unfit = {
  why: 'The workspace is too large to look through for files that must be guarded, so nothing can hold a command here.',
  mend: 'Open the folder of the project alone.',
};

const tooWide: Unfit = {
  why: 'The workspace holds a home folder or the folder of the butler, so nothing can hold a command here.',
  mend: 'Open the folder of the project alone.',
};
