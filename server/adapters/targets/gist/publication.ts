import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Parcel, Published, TargetContext, TargetPlan } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import type { TargetFinding } from '../../../protocol/target.ts';
import type { Api } from '../github/api.ts';
import { tokenFindings } from '../github/check.ts';
import { Refused, refuse } from '../github/refused.ts';
import { changed } from '../github/takeBack.ts';
import { publishesAt } from '../publishesAt.ts';
import type { Config } from './config.ts';
import { isMarked, markedDescription, newDescription } from './description.ts';
import {
  findGist,
  type Gist,
  makeGist,
  markGist,
  openGists,
  readGist,
  type Texts,
  textsOf,
  versionOf,
} from './gist.ts';
import { readable } from './readable.ts';
import type { Undo } from './takeBack.ts';

/** How a gist stood before it was changed, as the execution notes it. */
const Former = z.strictObject({ version: z.string(), description: z.string() });
type Former = z.infer<typeof Former>;

const undoes = {
  made: 'The gist is deleted.',
  changed: 'Its files and its description become what they were before.',
} as const;

const marks = 'At the end of its description stands then by what the publication is found again.';

/** What publishing would do: nothing is written. */
export async function planFor(parcel: Parcel, config: Config, context: TargetContext): Promise<TargetPlan> {
  const texts = await readable(parcel, context);
  using api = await openGists(config, context);
  const stands = config.gist ? await existing(api, config.gist) : null;
  if (stands) markedDescription(stands.description ?? '', context.execution);
  const before = stands ? textsOf(stands) : new Map<string, string>();
  const address = `${gistWeb(config.api)}/${config.gist ?? 'new'}`;
  const isPublic = stands?.public ?? config.visibility === 'public';
  const files = parcel.files.map(({ path, size }) => {
    const there = before.get(path);
    const same = there === texts[path] ? 'unchanged' : 'update';
    return { path, size, change: there === undefined ? 'create' : same } as const;
  });
  const seen = isPublic ? 'Everybody can find it.' : 'Everybody who knows its address can read it.';
  const rest = stands ? ['Other files of the gist stay.', marks] : [];
  return {
    address,
    effect: publishesAt('gist', address),
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

/** Publishes: a new gist, or new contents of the one that the config names; what it left before is found. */
export async function publishTo(parcel: Parcel, config: Config, context: TargetContext): Promise<Published> {
  const texts = await readable(parcel, context);
  using api = await openGists(config, context);
  const stands = config.gist ? await existing(api, config.gist) : null;
  const left = await leftBy(api, { parcel, config, context, pages: 1 });
  if (left) return left;
  const there = stands ? textsOf(stands) : null;
  if (context.signal.aborted) refuse(failures.cancelled('Nothing was published.'));
  if (!stands || !there) {
    const description = newDescription(parcel.title, context.execution);
    const gist = await makeGist(api, { description, public: config.visibility === 'public', texts });
    return publishedAs(parcel, config, context, { gist, version: firstOf(gist) });
  }
  const former = { version: versionOf(stands), description: stands.description ?? '' };
  const description = markedDescription(former.description, context.execution);
  await context.note?.(former satisfies Former);
  const news = Object.entries(texts).filter(([name, text]) => there.get(name) !== text);
  const gist = await markGist(api, stands.id, description, Object.fromEntries(news));
  const version = versionOf(gist);
  // What somebody wrote since it was looked at stands before this version.
  const before = version === former.version ? version : (gist.history[1]?.version ?? former.version);
  return publishedAs(parcel, config, context, { gist, version, former: { ...former, version: before } });
}

/** The publication of the execution; `null` where there is none. */
export async function findIn(
  parcel: Parcel,
  config: Config,
  context: TargetContext,
): Promise<Published | null> {
  using api = await openGists(config, context);
  return await leftBy(api, { parcel, config, context, pages: 3 });
}

interface Search {
  readonly parcel: Parcel;
  readonly config: Config;
  readonly context: TargetContext;
  /** How far the list of gists is read. */
  readonly pages: number;
}

async function leftBy(api: Api, { parcel, config, context, pages }: Search): Promise<Published | null> {
  const says = (description: string | null) => isMarked(description, context.execution);
  const gist = config.gist ? await readGist(api, config.gist) : await findGist(api, says, pages);
  if (!gist || !says(gist.description)) return null;
  if (!config.gist) return publishedAs(parcel, config, context, { gist, version: firstOf(gist) });
  const former = Former.safeParse(context.noted).data ?? changed('what stood before was not kept');
  const version = await versionWith(api, gist, former, await readable(parcel, context));
  return publishedAs(parcel, config, context, { gist, version, former });
}

/** The first version since another that holds these texts: what others wrote since is none of ours. */
async function versionWith(api: Api, gist: Gist, { version }: Former, texts: Texts): Promise<string> {
  const since = gist.history.findIndex((one) => one.version === version);
  for (const one of gist.history.slice(0, since + 1).reverse()) {
    const stands = textsOf((await readGist(api, gist.id, one.version)) ?? changed('its history is gone'));
    if (Object.entries(texts).every(([name, text]) => stands.get(name) === text)) return one.version;
  }
  return changed('its history is gone');
}

/** Tries the token and the gist without writing. */
export async function findingsFor(config: Config, context: TargetContext): Promise<TargetFinding[]> {
  const findings: TargetFinding[] = [];
  try {
    using api = await openGists(config, context);
    findings.push(...(await tokenFindings(api, config, context.now())));
    const scopes = api.header('x-oauth-scopes');
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

function publishedAs(
  parcel: Parcel,
  { api, user }: Config,
  { execution, now }: TargetContext,
  { gist, version, former }: { gist: Gist; version: string; former?: Former },
): Published {
  const entry = parcel.files[0]?.path;
  const undo: Undo = {
    api,
    user,
    id: gist.id,
    execution,
    version,
    former: former?.version,
    description: former?.description ?? '',
    given: former
      ? markedDescription(former.description, execution)
      : newDescription(parcel.title, execution),
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

/** The version that a gist was made with. */
function firstOf(gist: Gist): string {
  return gist.history.at(-1)?.version ?? versionOf(gist);
}

function digestOf(...stands: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(stands)).digest('hex');
}
