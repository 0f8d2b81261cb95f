import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Standing } from './bubblewrap.ts';
import type { Hold, HoldRequest } from './commandSandbox.ts';
import { tooLarge } from './fitness.ts';
import { findGuarded, mountable, without, writable } from './guardedFiles.ts';
import { keepGuarded } from './guardKeep.ts';
import type { HeldFolders } from './heldFolders.ts';
import type { SandboxGround } from './sandboxGround.ts';

/** What walls around a command must hold of its workspace. */
export interface Guard {
  /** Must not change; real paths of what stands there. */
  readonly guarded: readonly Standing[];
  /** In guarded folders, and may change nevertheless. */
  readonly writable: readonly string[];
  /** Must not be read. */
  readonly secrets: readonly Standing[];
  /** To be called once when the command has ended, or was not begun. */
  readonly settle: Hold['settle'];
}

/** Finds what must be guarded, makes places for the walls, and remembers how it stood. */
export async function guardWorkspace(
  request: HoldRequest,
  ground: SandboxGround,
  held: HeldFolders,
): Promise<Outcome<Guard>> {
  const { workspace, mayChange, mayRead, execution, signal } = request;
  const release = await held.hold(workspace);
  try {
    const files = await findGuarded(workspace, signal);
    if (!files) {
      await release();
      return bad(failures.tool(tooLarge.why, tooLarge.mend));
    }
    const guarded = without(files.guarded, mayChange);
    const aside = path.join(ground.home, 'aside', execution);
    const allowed = await ground.allowedMeanwhile?.();
    const keep = await keepGuarded({ workspace, guarded, allowed: mayChange, aside });
    return good({
      guarded: await mountable(workspace, guarded),
      writable: await writable(guarded, mayChange),
      secrets: await mountable(workspace, without(files.secret, mayRead)),
      settle: async () => {
        await release();
        if (!request.putsAside) return { aside: [], folder: aside };
        return { aside: await keep.putAside((await allowed?.()) ?? []), folder: aside };
      },
    });
  } catch (error) {
    await release();
    if (signal.aborted) return bad(failures.cancelled('The command was not run.'));
    throw error;
  }
}
