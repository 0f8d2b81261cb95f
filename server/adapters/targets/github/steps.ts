import * as z from 'zod';
import type { Parcel, TargetContext } from '../../../core/ports/target.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { failures } from '../../../protocol/failure.ts';
import { faultInNames } from '../parcelNames.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { type Config, pathFault } from './config.ts';
import type { Hub } from './hub.ts';
import { refuse } from './refused.ts';
import { blobSha, foldersOf, type Leaf, type Standing } from './tree.ts';

/** One change of a tree; what is deleted has no `sha`. */
export interface Step {
  /** As a person knows it: relative to the folder of the target. */
  readonly shown: string;
  /** Relative to the repository. */
  readonly path: string;
  readonly change: 'create' | 'update' | 'delete' | 'unchanged';
  readonly size: number;
  readonly stands: Leaf | null;
  readonly mode: string;
  readonly file?: DeliverableFile;
  readonly sha?: string;
}

/** The file that tells what earlier publications put into the folder. */
export const markerName = '.butler-publish.json';
const Marker = z.object({ files: z.array(z.string().max(1024)).max(20_000) });
const Blob = z.object({ content: z.string(), encoding: z.literal('base64') });

/** Files that GitHub Pages want beside the site, whoever put them there. */
export const keptByPages = ['CNAME', '.nojekyll'];
/** Files that are read at a time. */
const readAtOnce = 8;
const mostSize = 100 * 1024 * 1024;

/** Refuses names and sizes that a repository cannot take, before anything is asked. */
export function checkFiles(parcel: Parcel, config: Config): void {
  for (const { path, size } of parcel.files) {
    const fault = pathFault(pathIn(config, path));
    if (fault) {
      const what = `"${path}" cannot be a file of a repository: it ${fault}.`;
      refuse(failures.invalid('files', what, 'Save it under another name.'));
    }
    if (size > mostSize) {
      const what = `"${path}" has ${Math.ceil(size / 2 ** 20)} MB, and GitHub takes no file over 100 MB.`;
      refuse(failures.invalid('files', what, 'Publish it as an asset of a release, or make it smaller.'));
    }
  }
  const fault = faultInNames(parcel);
  if (fault) refuse(fault);
}

/** What publishing would change in a tree, file by file; refuses where something of others is in the way. */
export async function stepsOf(
  hub: Hub,
  {
    parcel,
    config,
    context,
    standing,
  }: { parcel: Parcel; config: Config; context: TargetContext; standing: Standing },
): Promise<Step[]> {
  const steps: Step[] = [];
  const wanted = new Map(parcel.files.map((file) => [pathIn(config, file.path), file]));
  const shas = await shasOf(parcel, context);
  for (const [path, file] of wanted) {
    const stands = standing.leaves.get(path) ?? null;
    const sha = shas.get(file) ?? '';
    const change = changeTo(stands, sha);
    const mode = stands?.mode === '100755' ? stands.mode : '100644';
    steps.push({ shown: file.path, path, change, size: file.size, stands, mode, file, sha });
  }
  const gone = config.mode === 'pages' ? wholeOf(standing) : await earlier(hub, config, standing);
  for (const path of gone) {
    const stands = standing.leaves.get(path);
    if (stands?.type !== 'blob' || wanted.has(path)) continue;
    const shown = config.folder ? path.slice(config.folder.length + 1) : path;
    steps.push({ shown, path, change: 'delete', size: stands.size, stands, mode: stands.mode });
  }
  const obstacle = config.mode === 'pages' ? null : obstacleFor(steps, standing);
  if (!obstacle) return steps;
  const what = `"${obstacle}" in the repository is in the way, and not from the butler.`;
  return refuse(failures.conflict(what, 'Move it away there, or choose another folder for the target.'));
}

/** The marker that goes with a publication into a folder; `null` where none is kept. */
export function markerFor(config: Config, parcel: Parcel): { path: string; content: string } | null {
  if (!keepsMarker(config)) return null;
  const about =
    'Published by Virtual Butler. Files named here may be replaced or deleted by the next publication.';
  const files = parcel.files.map((file) => file.path).sort();
  const content = `${JSON.stringify({ about, files }, null, 2)}\n`;
  return { path: `${config.folder}/${markerName}`, content };
}

/** Where a file of the parcel goes in the repository. */
export function pathIn({ folder, mode }: Config, path: string): string {
  return folder && mode !== 'release' && mode !== 'pages' ? `${folder}/${path}` : path;
}

async function shasOf({ files }: Parcel, context: TargetContext): Promise<Map<DeliverableFile, string>> {
  const shas = new Map<DeliverableFile, string>();
  await someAtOnce(files, readAtOnce, context.signal, async (file) => {
    shas.set(file, await blobSha(file, context));
  });
  return shas;
}

function changeTo(stands: Leaf | null, sha: string): Step['change'] {
  if (stands?.type !== 'blob') return 'create';
  return stands.sha === sha && stands.mode !== '120000' ? 'unchanged' : 'update';
}

function keepsMarker({ folder, mode }: Config): boolean {
  return folder !== undefined && mode !== 'pages' && mode !== 'release';
}

function wholeOf({ leaves }: Standing): string[] {
  return [...leaves.keys()].filter((path) => !keptByPages.includes(path)).sort();
}

/** What the marker in the folder names, of what is still there. */
async function earlier({ api, at }: Hub, config: Config, { leaves }: Standing): Promise<string[]> {
  const marker = keepsMarker(config) ? leaves.get(`${config.folder}/${markerName}`) : undefined;
  if (marker?.type !== 'blob' || marker.mode === '120000') return [];
  const { content } = await api.ask({ method: 'GET', path: `${at}/git/blobs/${marker.sha}`, reads: Blob });
  const read = Marker.safeParse(parsed(Buffer.from(content, 'base64').toString('utf8')));
  const names = read.data?.files ?? [];
  return names
    .filter((name) => pathFault(name) === null)
    .map((name) => `${config.folder}/${name}`)
    .sort();
}

/** A link, a folder or another repository where a file must go, or a file where a folder must. */
function obstacleFor(steps: readonly Step[], { leaves }: Standing): string | null {
  const gone = new Set(steps.filter((step) => step.change === 'delete').map((step) => step.path));
  for (const { path, stands, change } of steps) {
    if (change === 'delete') continue;
    if (stands?.type === 'tree' && isEmptied(path, leaves, gone)) continue;
    if (stands && (stands.type !== 'blob' || stands.mode === '120000')) return path;
    const above = foldersOf(path).find((folder) => {
      const leaf = leaves.get(folder);
      return leaf && leaf.type !== 'tree' && !gone.has(folder);
    });
    if (above) return above;
  }
  return null;
}

/** Whether everything that is known to lie below a folder goes; git has no empty ones. */
function isEmptied(folder: string, leaves: Standing['leaves'], gone: ReadonlySet<string>): boolean {
  const below = [...leaves.values()].filter(
    (leaf) => leaf.type !== 'tree' && leaf.path.startsWith(`${folder}/`),
  );
  return below.length > 0 && below.every((leaf) => gone.has(leaf.path));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
