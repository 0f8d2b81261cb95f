import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../files/places.ts';

/** Finds a program on the PATH, never one that lies inside the workspace (SECURITY S4); `null` when there is none. */
export async function findProgram(name: string, workspace: string): Promise<string | null> {
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    for (const ending of endings) {
      const real = await realpath(path.join(folder, name + ending)).catch(() => null);
      if (real === null || isWithin(real, workspace) || isWithin(folder, workspace)) continue;
      const runs = await access(real, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) return path.join(folder, name + ending);
    }
  }
  return null;
}
