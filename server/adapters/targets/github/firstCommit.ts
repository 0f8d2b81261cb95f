import * as z from 'zod';
import type { Hub } from './hub.ts';
import { orNull } from './refused.ts';
import type { Repository } from './repository.ts';
import { readRef } from './tree.ts';

/** What the plan says of a first commit. */
export const firstCommitNote =
  'The repository is empty: it gets a first commit with a README.md, which stays when this is taken back.';

/** Whether a repository has no commit yet. */
export async function isEmpty({ api, at }: Hub): Promise<boolean> {
  const path = `${at}/git/matching-refs/heads/`;
  const heads = await orNull(api.ask({ method: 'GET', path, reads: z.array(z.unknown()) }), 409);
  return (heads ?? []).length === 0;
}

/** Gives an empty repository its first commit, without which GitHub takes no trees: https://docs.github.com/en/rest/repos/contents */
export async function beginRepository(hub: Hub, { default_branch: branch }: Repository): Promise<void> {
  const { api, at, place } = hub;
  const content = Buffer.from(`# ${place.name}\n`).toString('base64');
  const body = { message: 'Initial commit', content, branch };
  try {
    const path = `${at}/contents/README.md`;
    await api.ask({ method: 'PUT', path, body, reads: z.unknown(), certain: true });
  } catch (error) {
    if ((await readRef(hub, `heads/${branch}`, true)) === null) throw error;
  }
}
