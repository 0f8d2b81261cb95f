import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Agent, Release } from './agent.ts';

/** Where agents are installed: beside the product's dependencies, never among them, and out of git's sight. */
export const installedIn = (root: string, agent: Agent): string => path.join(root, '.peers', agent.name);

/** The command that installs agents, for a person to type. */
export const installLine = (names: readonly string[]): string =>
  `npm run bench:peers -- --install ${names.join(',')}`;

/** The release that stands in a folder, or `null`. */
export function installedVersion(folder: string, release: Release): string | null {
  const file = path.join(folder, 'node_modules', release.package, 'package.json');
  if (!existsSync(file) || !existsSync(programOf(folder, release))) return null;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** The program of an installed release. */
export const programOf = (folder: string, release: Release): string =>
  path.join(folder, 'node_modules/.bin', release.program);

/** How long one installation may take, in ms. */
const longest = 900_000;

/** Installs an agent into a folder of its own; answers whether it went well. */
export function install(folder: string, release: Release): boolean {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const what = `${release.package}@${release.version}`;
  const args = ['install', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error', what];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2], timeout: longest });
  return status === 0 && installedVersion(folder, release) === release.version;
}
