import * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import type { Hub } from './hub.ts';
import { isPassing, orNull, Refused, refuse } from './refused.ts';
import { encodeRef, readRef } from './tree.ts';

/** Lets a new branch begin at a commit; `false` where the name is taken. */
export async function createRef({ api, at, ...hub }: Hub, ref: string, sha: string): Promise<boolean> {
  const body = { ref: `refs/${ref}`, sha };
  try {
    await api.ask({ method: 'POST', path: `${at}/git/refs`, body, reads: z.unknown(), certain: true });
    return true;
  } catch (error) {
    if (!isUnsure(error)) throw error;
    const stands = await readRef({ api, at, ...hub }, ref, true);
    if (stands === null) throw error;
    return holds({ api, at, ...hub }, stands, sha);
  }
}

/** Moves a branch on to a commit that follows its newest; `conflict` where another commit came first. */
export async function moveRef(hub: Hub, ref: string, sha: string): Promise<void> {
  const { api, at } = hub;
  const path = `${at}/git/refs/${encodeRef(ref)}`;
  const body = { sha, force: false };
  try {
    await api.ask({ method: 'PATCH', path, body, reads: z.unknown(), certain: true, again: true });
  } catch (error) {
    if (!isUnsure(error)) throw error;
    const stands = await readRef(hub, ref, true);
    if (stands !== null && (await holds(hub, stands, sha))) return;
    if (error.status !== 422 || !/fast.forward/i.test(error.failure.what)) throw error;
    const what = 'Another commit came onto the branch in the meantime.';
    refuse(failures.conflict(what, 'Look at it there, then publish again.'));
  }
}

/** Takes a branch or a tag away; nothing where there is none. */
export async function removeRef({ api, at }: Hub, ref: string): Promise<void> {
  const path = `${at}/git/refs/${encodeRef(ref)}`;
  try {
    await api.ask({ method: 'DELETE', path, reads: z.unknown(), certain: true, again: true });
  } catch (error) {
    const gone =
      error instanceof Refused && (error.status === 404 || /does not exist/i.test(error.failure.what));
    if (!gone) throw error;
  }
}

const Comparison = z.object({ status: z.string() });

/** Whether a commit is another, or came after it. */
async function holds({ api, at }: Hub, stands: string, sha: string): Promise<boolean> {
  if (stands === sha) return true;
  const path = `${at}/compare/${sha}...${stands}?per_page=1`;
  const found = await orNull(api.ask({ method: 'GET', path, reads: Comparison, certain: true }));
  return found?.status === 'ahead';
}

/** Whether what was asked may have been done all the same, or was done before. */
function isUnsure(error: unknown): error is Refused {
  return isPassing(error) || (error instanceof Refused && [409, 422].includes(error.status));
}
