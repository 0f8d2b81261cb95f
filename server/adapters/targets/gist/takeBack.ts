import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import { ApiUrl, User } from '../github/config.ts';
import { changed } from '../github/takeBack.ts';
import { changeGist, openGists, readGist, removeGist, textsOf, versionOf } from './gist.ts';

/** What taking a publication back wants to know. */
export const Undo = z.strictObject({
  api: ApiUrl,
  user: User,
  id: z.string().regex(/^[0-9a-f]{1,64}$/),
  execution: z.string(),
  version: z.string(),
  /** The version before; absent where the gist was made for it. */
  former: z.string().optional(),
  /** The description before. */
  description: z.string(),
  /** The description that it was given. */
  given: z.string().optional(),
});
export type Undo = z.infer<typeof Undo>;

/** Takes a publication back; `conflict` where the gist was changed since. */
export async function takeBackFrom(given: unknown, context: TargetContext): Promise<void> {
  const undo = Undo.parse(given);
  using api = await openGists(undo, context);
  const gist = await readGist(api, undo.id);
  if (!gist && undo.former === undefined) return;
  if (!gist) return changed('the gist is gone');
  const isRetold = undo.given !== undefined && gist.description !== undo.given;
  if (undo.former === undefined) {
    if (versionOf(gist) !== undo.version) changed('its files were changed since');
    if (isRetold) changed('its description was changed since');
    if (gist.comments > 0) changed('somebody wrote a comment on it');
    return await removeGist(api, undo.id);
  }
  const now = textsOf(gist);
  const version = async (id: string) =>
    textsOf((await readGist(api, undo.id, id)) ?? changed('its history is gone'));
  const former = await version(undo.former);
  if (isSame(now, former) && gist.description === undo.description) return;
  if (!isSame(now, await version(undo.version))) changed('its files were changed since');
  if (isRetold) changed('its description was changed since');
  const gone = [...now.keys()].filter((name) => !former.has(name)).map((name) => [name, null]);
  await changeGist(api, undo.id, undo.description, Object.fromEntries([...former, ...gone]));
}

function isSame(one: ReadonlyMap<string, string>, two: ReadonlyMap<string, string>): boolean {
  return one.size === two.size && [...one].every(([name, text]) => two.get(name) === text);
}
