// Loaded before a program, `node --import doom.ts program`, so that it can die at any of its acts: whatever it sends over
// a line and whatever it changes on disk is counted, or with BUTLER_DOOM_OF only the lines or what changes in a folder,
// and at the act that BUTLER_DOOM names it ends as by a power cut: 12 is right before its twelfth act, 12.5 right after.
// Where it lives to its end, it tells its parent what it counted.
import { writeSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const doom = Number(process.env.BUTLER_DOOM);
const laps: number[] = [];
let acts = 0;

/** Ends a lap: from here on it counts anew, and tells of each lap by itself. */
export function lap(): void {
  laps.push(acts);
  acts = 0;
}

/** Where the parent listens. */
const parent = 3;
const changing = [
  'appendFile',
  'chmod',
  'copyFile',
  'cp',
  'link',
  'mkdir',
  'mkdtemp',
  'open',
  'rename',
  'rm',
  'rmdir',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
  'writeFile',
] as const;

/** Which acts are counted: those of `lines`, those in the folder of this path, or all. */
const counted = process.env.BUTLER_DOOM_OF ?? '';
const isFolder = path.isAbsolute(counted);
if (counted !== 'lines') countOf(promises, changing, ([at]) => !isFolder || String(at).startsWith(counted));
if (!isFolder) countOf(net.Socket.prototype, ['_write', '_writev'], () => true);
syncBuiltinESMExports();
process.on('exit', () => {
  lap();
  writeSync(parent, JSON.stringify(laps));
});

/** Counts each call of some functions of an object as an act, where what it is given counts. */
function countOf(
  owner: object,
  names: readonly string[],
  counts: (given: readonly unknown[]) => boolean,
): void {
  for (const name of names) {
    const act: unknown = Reflect.get(owner, name);
    if (typeof act !== 'function') throw new Error(`There is no ${name} any more.`);
    Reflect.set(owner, name, function (this: unknown, ...given: unknown[]): unknown {
      if (!counts(given)) return Reflect.apply(act, this, given);
      acts++;
      if (acts >= doom) die();
      const done: unknown = Reflect.apply(act, this, given);
      if (acts + 0.5 >= doom) die();
      return done;
    });
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
