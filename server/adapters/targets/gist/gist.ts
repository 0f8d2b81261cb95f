import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { type Api, openApi } from '../github/api.ts';
import { tokenAccount } from '../github/config.ts';
import { isUnclear, orNull, refuse } from '../github/refused.ts';
import { tokenOf } from '../github/work.ts';
import type { Config } from './config.ts';

const File = z.object({
  filename: z.string(),
  size: z.number().catch(0),
  truncated: z.boolean().catch(false),
  content: z.string().optional(),
});

/** A gist as GitHub tells of it: https://docs.github.com/en/rest/gists/gists */
export const Gist = z.object({
  id: z.string().regex(/^[0-9a-f]{1,64}$/),
  public: z.boolean(),
  description: z.string().nullable().catch(null),
  files: z.record(z.string(), File.nullable()).catch({}),
  comments: z.number().catch(0),
  /** The newest first. */
  history: z.array(z.object({ version: z.string().regex(/^[0-9a-f]{1,64}$/) })).catch([]),
});
export type Gist = z.infer<typeof Gist>;

/** Texts by the names of their files; `null` takes one away. */
export type Texts = Readonly<Record<string, string | null>>;

/** Opens the gists of a person with their token, which goes nowhere else. */
export async function openGists(config: Pick<Config, 'api' | 'user'>, context: TargetContext): Promise<Api> {
  const { id } = tokenAccount(config);
  return openApi(config.api.replace(/\/+$/, ''), await tokenOf(id, context), context);
}

/** A gist, or how it was in one of its versions; `null` where there is none for this token. */
export function readGist(api: Api, id: string, version?: string): Promise<Gist | null> {
  const path = `/gists/${id}${version ? `/${version}` : ''}`;
  return orNull(api.ask({ method: 'GET', path, reads: Gist, certain: true }));
}

/** The newest of the person's gists whose description says so; their list is read so many pages far. */
export async function findGist(
  api: Api,
  says: (description: string) => boolean,
  pages: number,
): Promise<Gist | null> {
  for (let page = 1; page <= pages; page++) {
    const path = `/gists?per_page=100&page=${page}`;
    const some = await api.ask({ method: 'GET', path, reads: z.array(Gist), certain: true });
    const found = some.find((one) => says(one.description ?? ''));
    if (found) return readGist(api, found.id);
    if (some.length < 100) return null;
  }
  return null;
}

/** Makes a gist; one whose answer was lost is found by its description. */
export async function makeGist(
  api: Api,
  gist: { description: string; public: boolean; texts: Texts },
): Promise<Gist> {
  const body = { description: gist.description, public: gist.public, files: filesOf(gist.texts) };
  try {
    return await api.ask({ method: 'POST', path: '/gists', body, reads: Gist, certain: true });
  } catch (error) {
    const says = (text: string) => text === gist.description;
    const made = isUnclear(error) ? await findGist(api, says, 1).catch(() => null) : null;
    if (made) return made;
    throw error;
  }
}

/** Changes files and description of a gist; what is not named stays. */
export function changeGist(api: Api, id: string, description: string, texts: Texts): Promise<Gist> {
  const body = { description, files: filesOf(texts) };
  const ask = {
    method: 'PATCH',
    path: `/gists/${id}`,
    body,
    reads: Gist,
    certain: true,
    again: true,
  } as const;
  return api.ask(ask);
}

/** The same with a description that nothing else gives it, by which a change is known whose answer was lost. */
export async function markGist(api: Api, id: string, description: string, texts: Texts): Promise<Gist> {
  try {
    return await changeGist(api, id, description, texts);
  } catch (error) {
    const now = isUnclear(error) ? await readGist(api, id).catch(() => null) : null;
    if (now?.description === description) return now;
    throw error;
  }
}

/** Takes a gist away; nothing where there is none. */
export async function removeGist(api: Api, id: string): Promise<void> {
  const ask = {
    method: 'DELETE',
    path: `/gists/${id}`,
    reads: z.unknown(),
    certain: true,
    again: true,
  } as const;
  await orNull(api.ask(ask));
}

/** The texts of a gist; refuses where they do not come whole. */
export function textsOf({ files }: Gist): Map<string, string> {
  const texts = new Map<string, string>();
  for (const file of Object.values(files)) {
    if (!file) continue;
    if (file.truncated || file.content === undefined) {
      const what = `The file "${file.filename}" of the gist is too large to be put back.`;
      refuse(failures.conflict(what, 'Publish into a gist of its own.'));
    }
    texts.set(file.filename, file.content);
  }
  return texts;
}

/** The version that stands. */
export function versionOf({ history }: Gist): string {
  return history[0]?.version ?? '';
}

function filesOf(texts: Texts): Record<string, { content: string } | null> {
  const entries = Object.entries(texts);
  return Object.fromEntries(entries.map(([name, content]) => [name, content === null ? null : { content }]));
}
