import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command, Release, Room } from '../agent.ts';
import { programOf } from '../installation.ts';

/** A key that opens nothing. */
export const emptyKey = 'bench-key-of-no-worth';

/** The model that agents are told to ask for. */
export const modelName = 'mock-model';

/** How many tokens agents are told that the model takes, so that none shortens what it remembers. */
export const contextWindow = 1_000_000;

/** Lays a file of settings, text as it is and anything else as JSON. */
export function lay(folder: string, name: string, content: string | object): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

/** The command of an installed release. */
export const commandOf = (room: Room, release: Release, args: readonly string[]): Command => ({
  file: programOf(room.installed, release),
  args,
});
