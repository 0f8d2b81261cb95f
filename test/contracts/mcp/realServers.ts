import path from 'node:path';
import type { Release } from '../../../bench/peers/agent.ts';
import { install, installedVersion, programOf } from '../../../bench/peers/installation.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Real servers that others wrote (https://github.com/modelcontextprotocol/servers), by what we call them. */
export const releases = {
  everything: {
    package: '@modelcontextprotocol/server-everything',
    version: '2026.8.31',
    program: 'mcp-server-everything',
  },
  filesystem: {
    package: '@modelcontextprotocol/server-filesystem',
    version: '2026.8.31',
    program: 'mcp-server-filesystem',
  },
} as const satisfies Record<string, Release>;

/** The program of a real server, installed once beside the benchmark's peers; says what to do where it cannot be had. */
export function installedServer(name: keyof typeof releases): string {
  const release = releases[name];
  const folder = path.join(root, '.peers', `mcp-${name}`);
  if (installedVersion(folder, release) !== release.version && !install(folder, release)) {
    throw new Error(
      `${release.package}@${release.version} could not be installed; is the registry in reach?`,
    );
  }
  return programOf(folder, release);
}
