import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import type { Config } from './config.ts';
import type { Hub } from './hub.ts';
import { orNull, Refused, refuse } from './refused.ts';
import { readRef } from './tree.ts';
import { carries, oneLine, withTrailer } from './words.ts';

/** A repository, as far as a publication asks. */
export const Repository = z.object({
  private: z.boolean(),
  default_branch: z
    .string()
    .max(300)
    .regex(/^[^\p{C}]+$/u),
  description: z.string().nullable().catch(null),
  archived: z.boolean().catch(false),
  forks_count: z.number().catch(0),
  has_wiki: z.boolean().catch(false),
  has_discussions: z.boolean().catch(false),
  permissions: z
    .object({ push: z.boolean().catch(false), admin: z.boolean().catch(false) })
    .optional()
    .catch(undefined),
});
export type Repository = z.infer<typeof Repository>;

/** The repository; `null` where it is missing or not for this token to see. */
export function readRepository({ api, at }: Hub, certain = false): Promise<Repository | null> {
  return orNull(api.ask({ method: 'GET', path: at, reads: Repository, certain }));
}

/** Refuses what cannot be published to, in words. */
export function writable(repository: Repository | null, { place }: Hub): Repository {
  const name = `${place.owner}/${place.name}`;
  if (!repository) {
    const mend = 'Correct the name, let the target create it, or give the token the right to see it.';
    return refuse({ ...failures.notFound('repository', name), mend, field: 'target.config.repository' });
  }
  if (repository.archived) {
    const mend = 'Unarchive it there, or choose another repository.';
    return refuse(failures.denied(`${name} is archived and takes no changes.`, mend));
  }
  if (repository.permissions?.push === false) {
    const mend = 'Give the token "Contents: read and write" for it, or choose another repository.';
    return refuse(failures.denied(`This token may not write to ${name}.`, mend));
  }
  return repository;
}

/** Creates the repository with a first commit; it carries the execution in its description. */
export async function createRepository(
  hub: Hub,
  config: Config,
  { title, execution }: { title: string; execution: string },
): Promise<Repository> {
  const { api, place } = hub;
  const me = await api.ask({ method: 'GET', path: '/user', reads: z.object({ login: z.string() }) });
  const own = me.login.toLowerCase() === place.owner.toLowerCase();
  const made = await api.ask({
    method: 'POST',
    path: own ? '/user/repos' : `/orgs/${place.owner}/repos`,
    certain: true,
    reads: Repository,
    body: {
      name: place.name,
      private: config.create === 'private',
      auto_init: true,
      // What a person writes there could not be seen before the repository is deleted.
      has_wiki: false,
      description: describedBy(title, execution),
    },
  });
  await begun(hub, made);
  return made;
}

/** Waits for the first commit, which may come a moment after the repository. */
async function begun(hub: Hub, { default_branch: branch }: Repository): Promise<void> {
  for (const pause of [0, 250, 500, 1000, 2000]) {
    await sleep(pause);
    if ((await readRef(hub, `heads/${branch}`, true)) !== null) return;
  }
}

/** Whether the repository was created for an execution. */
export function isMadeFor(repository: Repository, execution: string): boolean {
  return carries((repository.description ?? '').replace(/ \(([^()]*)\)$/, '\n$1'), execution);
}

/** Takes a repository away that holds nothing but what a publication put there; tells why it could not. */
export async function removeRepository(hub: Hub): Promise<'removed' | 'kept'> {
  const { api, at } = hub;
  const removed = await orNull(
    api.ask({ method: 'DELETE', path: at, reads: z.unknown(), again: true, certain: true }).then(() => true),
  ).catch((error: unknown) => {
    if (error instanceof Refused && error.failure.kind === 'denied') return false;
    throw error;
  });
  return removed === false ? 'kept' : 'removed';
}

/** A description is one line, so the trailer stands in brackets at its end. */
function describedBy(title: string, execution: string): string {
  const [words = '', , trailer = ''] = withTrailer(oneLine(title).slice(0, 200), execution).split('\n');
  return `${words} (${trailer})`;
}
