import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { TargetContext } from '../../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { findSpot, isWithin, type Spot } from '../../tools/files/places.ts';

/** A folder that may be published to. */
export interface LocalFolder {
  readonly spot: Spot;
  /** As a person knows it: `./public`, or absolute outside the workspace. */
  readonly address: string;
}

/** Follows the configured folder to where it leads and refuses those that a publication must never replace. */
export async function localFolder(given: string, context: TargetContext): Promise<Outcome<LocalFolder>> {
  const spot = await findSpot(given, context, 'target.config.folder');
  if (!spot.ok) return spot;
  const { path: real, place, shown } = spot.value;
  const home = await realpath(homedir()).catch(() => homedir());
  const fault = [
    [isWithin(context.workspace, real), 'it is the workspace itself or a folder above it'],
    [isWithin(home, real), 'it is your home folder or a folder above it'],
    [path.dirname(real) === real, 'it is the root of the file system'],
    [real.split(/[\\/]/).some((name) => name.toLowerCase() === '.git'), 'it belongs to git'],
    [place === 'butler', 'it belongs to the butler'],
    [place === 'outside' && !path.isAbsolute(given), 'it leads out of the workspace'],
  ].find(([applies]) => applies);
  if (!fault) return good({ spot: spot.value, address: place === 'workspace' ? `./${shown}` : shown });
  const what = `"folder": ${shown} cannot be published to, because ${fault[1]}.`;
  return bad(failures.invalid('target.config.folder', what, 'Choose a folder of its own, such as "public".'));
}
