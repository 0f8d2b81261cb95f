import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Parcel, Published, TargetContext, TargetPlan } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import type { TargetFinding } from '../../../protocol/target.ts';
import { type Api, openApi } from '../github/api.ts';
import { tokenFindings } from '../github/check.ts';
import { ApiUrl, tokenAccount, User } from '../github/config.ts';
import { Refused, refuse } from '../github/refused.ts';
import { changed } from '../github/takeBack.ts';
import { published } from '../github/words.ts';
import { tokenOf } from '../github/work.ts';
import type { Config } from './config.ts';
import {
  changeGist,
  findGist,
  type Gist,
  makeGist,
  readGist,
  removeGist,
  textsOf,
  versionOf,
} from './gist.ts';
import { readable } from './readable.ts';

const Undo = z.strictObject({
  api: ApiUrl,
  user: User,
  id: z.string().regex(/^[0-9a-f]{1,64}$/),
  execution: z.string(),
  version: z.string(),
  /** The version before; absent where the gist was made for it. */
  former: z.string().optional(),
  description: z.string(),
});
const undoes = {
  made: 'The gist is deleted.',
  changed: 'Its files and its description become what they were before.',
} as const;

/** What publishing would do: nothing is written. */
export async function planFor(parcel: Parcel, config: Config, context: TargetContext): Promise<TargetPlan> {
  const texts = await readable(parcel, context);
  const api = await openFor(config, context);
  const stands = config.gist ? await existing(api, config.gist) : null;
  const before = stands ? textsOf(stands) : new Map<string, string>();
  const address = `${gistWeb(config.api)}/${config.gist ?? 'new'}`;
  const isPublic = stands?.public ?? config.visibility === 'public';
  const files = parcel.files.map(({ path, size }) => {
    const there = before.get(path);
    const same = there === texts[path] ? 'unchanged' : 'update';
    return { path, size, change: there === undefined ? 'create' : same } as const;
  });
  const seen = isPublic ? 'Everybody can find it.' : 'Everybody who knows its address can read it.';
  const rest = stands ? ['Other files of the gist stay.'] : [];
  return {
    address,
    effect: {
      kind: 'publish',
      target: 'gist',
      address,
      path: address,
      shown: address,
      place: 'outside',
      reversible: true,
    },
    preview: {
      kind: 'files',
      address,
      files,
      visibility: isPublic ? 'public' : 'unlisted',
      undoes: stands ? undoes.changed : undoes.made,
      notes: [seen, ...rest],
    },
    exactly: { address, isPublic, stands: digestOf([...before], stands?.description ?? null) },
  };
}

/** Publishes: a new gist, or new contents of the one that the config names. */
export async function publishTo(parcel: Parcel, config: Config, context: TargetContext): Promise<Published> {
  const texts = await readable(parcel, context);
  const api = await openFor(config, context);
  const stands = config.gist ? await existing(api, config.gist) : null;
  if (stands) textsOf(stands);
  if (context.signal.aborted) refuse(failures.cancelled('Nothing was published.'));
  if (!stands) {
    const description = marked(parcel.title, context.execution);
    const made = await makeGist(api, { description, public: config.visibility === 'public', texts });
    return publishedAs(parcel, config, context, { gist: made });
  }
  const former = { version: versionOf(stands), description: stands.description ?? '' };
  const description = marked(plain(former.description) || parcel.title, context.execution);
  return publishedAs(parcel, config, context, {
    gist: await changeGist(api, stands.id, description, texts),
    former,
  });
}

/** The publication of the execution; `null` where there is none. */
export async function findIn(
  parcel: Parcel,
  config: Config,
  context: TargetContext,
): Promise<Published | null> {
  const api = await openFor(config, context);
  const says = (description: string) => description.endsWith(trailer(context.execution));
  const gist = config.gist ? await readGist(api, config.gist) : await findGist(api, says);
  if (!gist || !says(gist.description ?? '')) return null;
  const version = gist.history[1]?.version;
  if (!config.gist || version === undefined) return publishedAs(parcel, config, context, { gist });
  const former = { version, description: plain(gist.description ?? '') };
  return publishedAs(parcel, config, context, { gist, former });
}

/** Takes a publication back; `conflict` where the gist was changed since. */
export async function takeBackFrom(given: unknown, context: TargetContext): Promise<void> {
  const undo = Undo.parse(given);
  const api = await openFor(undo, context);
  const gist = await readGist(api, undo.id);
  if (!gist && undo.former === undefined) return;
  if (!gist) return changed('the gist is gone');
  const now = textsOf(gist);
  const version = async (id: string) =>
    textsOf((await readGist(api, undo.id, id)) ?? changed('its history is gone'));
  if (undo.former !== undefined) {
    const former = await version(undo.former);
    if (isSame(now, former) && gist.description === undo.description) return;
    if (!isSame(now, await version(undo.version))) changed('its files were changed since');
    const gone = [...now.keys()].filter((name) => !former.has(name)).map((name) => [name, null]);
    await changeGist(api, undo.id, undo.description, Object.fromEntries([...former, ...gone]));
    return;
  }
  if (versionOf(gist) !== undo.version) changed('its files were changed since');
  await removeGist(api, undo.id);
}

/** Tries the token and the gist without writing. */
export async function findingsFor(config: Config, context: TargetContext): Promise<TargetFinding[]> {
  const findings: TargetFinding[] = [];
  try {
    const api = await openFor(config, context);
    findings.push(...(await tokenFindings(api, config, context.now())));
    const scopes = api.headers().get('x-oauth-scopes');
    if (scopes && !scopes.split(/, */).includes('gist')) {
      findings.push({
        good: false,
        what: 'The token may not write gists.',
        mend: 'Give it the scope "gist".',
      });
    }
    if (config.gist) {
      await existing(api, config.gist);
      findings.push({ good: true, what: 'The gist is there.' });
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { what, mend } = error.failure;
    findings.push({ good: false, what, mend });
  }
  return findings;
}

async function existing(api: Api, id: string): Promise<Gist> {
  const gist = await readGist(api, id);
  if (gist) return gist;
  const mend = 'Correct its id in the target, or leave it out for a new one.';
  return refuse({ ...failures.notFound('gist', id), mend, field: 'target.config.gist' });
}

async function openFor(config: Pick<Config, 'api' | 'user'>, context: TargetContext): Promise<Api> {
  const { id } = tokenAccount(config);
  return openApi(config.api.replace(/\/+$/, ''), await tokenOf(id, context), context);
}

function publishedAs(
  parcel: Parcel,
  { api, user }: Config,
  { execution, now }: TargetContext,
  { gist, former }: { gist: Gist; former?: { version: string; description: string } },
): Published {
  const [version, entry] = [versionOf(gist), parcel.files[0]?.path];
  const undo = {
    api,
    user,
    id: gist.id,
    execution,
    version,
    former: former?.version,
    description: former?.description ?? '',
  };
  return {
    publication: {
      execution,
      target: 'gist',
      location: `${gistWeb(api)}/${gist.id}`,
      ...(entry ? { entry } : {}),
      version,
      visibility: gist.public ? 'public' : 'unlisted',
      undoes: former ? undoes.changed : undoes.made,
      time: now(),
    },
    undo: JSON.parse(JSON.stringify(undo)) as unknown,
  };
}

/** Where gists are seen. */
function gistWeb(api: string): string {
  const { protocol, host } = new URL(api);
  return host === 'api.github.com'
    ? 'https://gist.github.com'
    : `${protocol}//${host.replace(/^api\./, '')}/gist`;
}

function marked(words: string, execution: string): string {
  return `${words
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 180)}${trailer(execution)}`;
}

function trailer(execution: string): string {
  return ` (${published}: ${execution})`;
}

/** A description without what we put at its end. */
function plain(description: string): string {
  const at = description.lastIndexOf(` (${published}: `);
  return at >= 0 && description.endsWith(')') ? description.slice(0, at) : description;
}

function isSame(one: ReadonlyMap<string, string>, two: ReadonlyMap<string, string>): boolean {
  return one.size === two.size && [...one].every(([name, text]) => two.get(name) === text);
}

function digestOf(...stands: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(stands)).digest('hex');
}
