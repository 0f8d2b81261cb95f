import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Touch, Understanding } from '../../../core/command/understanding.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { fileEffect, findSpot, type Ground, isWithin } from '../files/places.ts';
import { underAllNames } from '../files/rulingLinks.ts';

/** How a command would be run. */
export interface Circumstances {
  /** Absolute real path of the folder that it runs in. */
  readonly cwd: string;
  readonly ground: Ground;
  /** Whether a sandbox holds it. */
  readonly sandboxed: boolean;
  /** Whether what it changes in the workspace can be taken back. */
  readonly reversible: boolean;
  /** Those of some absolute real paths at which something stands that would nevertheless not be brought back. */
  readonly missed: (paths: readonly string[]) => Promise<readonly string[]>;
  /** Hosts that the call itself wants to reach. */
  readonly hosts: readonly string[];
  /** A folder that the command has for itself, whatever lies there outside; `null` where there is none. */
  readonly scratch: string | null;
}

/**
 * What an understood command would do: each of its programs, each file that they are known to touch by where it
 * really leads, each host. What cannot be followed makes the whole command unclear.
 */
export async function effectsOf(
  command: string,
  understanding: Understanding,
  circumstances: Circumstances,
): Promise<Effect[]> {
  const { cwd, sandboxed } = circumstances;
  const touched: Effect[] = [];
  const unclear = [...understanding.unclear];
  for (const touch of understanding.programs.flatMap(({ touches }) => touches)) {
    const found = await touchEffect(touch, circumstances);
    if (typeof found === 'string') unclear.push(found);
    else if (found) touched.push(found);
  }
  const lost = await lostOf(touched, circumstances);
  const reversible = circumstances.reversible && lost.size === 0;
  const why = unclear.length > 0 ? { unclear: unclear.join(' ').slice(0, 2000) } : {};
  const { programs } = understanding;
  const runs = (programs.length > 0 ? programs : [{ argv: [command], known: true }]).map(
    ({ argv, known }): Effect => ({
      ...{ kind: 'run', argv: [...argv], cwd: slashes(cwd), ...why },
      ...(known ? {} : { known }),
      ...{ sandboxed, reversible },
    }),
  );
  const hosts = new Set([...circumstances.hosts, ...understanding.programs.flatMap((one) => one.hosts)]);
  const network = [...hosts].map((host): Effect => ({ kind: 'network', host }));
  const told = touched.map((effect) =>
    lost.has(effect) ? ({ ...effect, reversible: false } as Effect) : effect,
  );
  return distinct([...runs, ...told, ...network]);
}

/** Those of the changes whose files undo would not bring back. */
async function lostOf(touched: readonly Effect[], { missed }: Circumstances): Promise<ReadonlySet<Effect>> {
  const changes = touched.filter((effect) => 'path' in effect && 'reversible' in effect && effect.reversible);
  const paths = changes.map((effect) => ('path' in effect ? effect.path : ''));
  const lost = new Set(paths.length > 0 ? await missed([...new Set(paths)]) : []);
  return new Set(changes.filter((_, at) => lost.has(paths[at] ?? '')));
}

/** The effect of a touch, `null` where it is none, or why it cannot be told. */
async function touchEffect(touch: Touch, { cwd, ground, reversible, scratch }: Circumstances) {
  const absolute = path.resolve(cwd, touch.path);
  if (harmless.has(absolute)) return null;
  const own = scratch !== null && absolute !== scratch && isWithin(absolute, scratch);
  if (own && !isWithin(absolute, ground.workspace)) return null;
  if (touch.inFolder && (await isFile(path.dirname(absolute)))) return null;
  const spot = await findSpot(absolute, ground);
  if (!spot.ok) return spot.failure.what;
  if (touch.act !== 'read' && spot.value.shown === '.') return 'It changes the whole workspace folder.';
  const effect = fileEffect(touch.act, await underAllNames(spot.value, ground));
  if (effect.kind === 'read') return effect;
  return { ...effect, reversible: reversible && spot.value.place === 'workspace' } as Effect;
}

/** Whether something is there that is no folder, at the end of any links. */
function isFile(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => !found.isDirectory(),
    () => false,
  );
}

/** Devices that keep nothing and tell nothing. */
const harmless: ReadonlySet<string> = new Set([
  '/dev/null',
  '/dev/zero',
  '/dev/full',
  '/dev/random',
  '/dev/urandom',
  '/dev/stdin',
  '/dev/stdout',
  '/dev/stderr',
  '/dev/tty',
]);

function distinct(effects: readonly Effect[]): Effect[] {
  return [...new Map(effects.map((effect) => [JSON.stringify(effect), effect])).values()];
}

function slashes(folder: string): string {
  return folder.split(path.sep).join('/');
}
