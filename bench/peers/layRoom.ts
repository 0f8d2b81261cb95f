import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Agent, logFile, type Room } from './agent.ts';
import { installedIn } from './installation.ts';

/** What the rooms of one run have in common. */
export interface House {
  readonly root: string;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** Address of the model. */
  readonly model: string;
}

/** Files to read: one a round, so that no two calls are alike. */
export const fileNames: readonly string[] = Array.from(
  { length: 500 },
  (_, index) => `notes/${String(index + 1).padStart(3, '0')}.txt`,
);

/** Lays out an agent's room anew: an empty home, and a workspace that is the same for every agent. */
export function layRoom({ root, folder, model }: House, agent: Agent): Room {
  const base = path.join(folder, agent.name);
  rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  const room: Room = {
    model,
    root,
    installed: installedIn(root, agent),
    home: path.join(base, 'home'),
    workspace: path.join(base, 'workspace'),
    temp: path.join(base, 'temp'),
    session: 'begin',
  };
  for (const one of [room.home, path.join(room.workspace, 'notes'), room.temp]) {
    mkdirSync(one, { recursive: true });
  }
  for (const [index, file] of fileNames.entries()) {
    writeFileSync(path.join(room.workspace, file), linesOf(index + 1));
  }
  emptyLog(room);
  agent.settle?.(room);
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    [...author, 'commit', '-q', '-m', 'Begin'],
  ]) {
    spawnSync('git', args, { cwd: room.workspace, env: environmentOf(agent, room) });
  }
  return room;
}

/** What the log says before the first step. */
export const logHead = 'begin\n';

/** Begins the log of steps anew. */
export function emptyLog(room: Room): void {
  writeFileSync(path.join(room.workspace, logFile), logHead);
}

/** The whole environment of an agent: nothing of the person's own. */
export function environmentOf(agent: Agent, room: Room): NodeJS.ProcessEnv {
  const own = path.dirname(process.execPath);
  return {
    PATH: `${own}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    HOME: room.home,
    TMPDIR: room.temp,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    NO_COLOR: '1',
    NO_PROXY: '127.0.0.1,localhost',
    ...agent.environment(room),
  };
}

function linesOf(number: number): string {
  const line = (at: number) => `Note ${number}, line ${at}: the quick brown fox jumps over the lazy dog.\n`;
  return Array.from({ length: 8 }, (_, index) => line(index + 1)).join('');
}
