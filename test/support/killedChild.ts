import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** How a program ended that was let live, and how many acts it did on each of its laps. */
export interface Lived {
  readonly code: number | null;
  /** What it said to stderr. */
  readonly words: string;
  readonly laps: readonly number[];
}

/** The environment of a child that begins soon: what Node made of our files is kept from child to child. */
export const warm = {
  ...process.env,
  NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../../build/compiled'),
};

/** Runs a program in a process of its own that dies at one of its acts (`doom.ts`), where one is named; `null` where it did. */
export async function killedChild(
  program: string,
  args: readonly string[],
  at = Number.POSITIVE_INFINITY,
  environment: Readonly<Record<string, string>> = {},
): Promise<Lived | null> {
  const child = spawn(process.execPath, ['--import', doom, program, ...args], {
    env: { ...warm, ...environment, BUTLER_DOOM: String(at) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [words, laps] = child.stdio.slice(2).map((pipe) => text(pipe as Readable));
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (signal === 'SIGKILL') return null;
  return { code, words: (await words) ?? '', laps: JSON.parse((await laps) ?? '') as number[] };
}

/** The moment of a run of so many acts at a share of it between 0 and 1. */
export function momentAt(acts: number, share: number): number {
  return 1 + Math.floor(share * acts * 2) / 2;
}

/**
 * Plays until so many died, each in a part of its run of its own, so that early and late ones are among them; a single one
 * dies in the second half, for a run looks first and acts then. Told whether it died: one that was faster than usual and
 * lived is played again, and where hardly any dies the test fails.
 */
export async function playUntilDead(kills: number, play: (share: number) => Promise<boolean>): Promise<void> {
  for (let died = 0, played = 0; died < kills; played++) {
    if (played > 2 * kills + 3) throw new Error(`Only ${died} of ${played} died.`);
    const chance = Math.random();
    const share = kills === 1 ? (1 + chance) / 2 : ((played % kills) + chance) / kills;
    if (await play(share)) died++;
  }
}

const doom = path.join(import.meta.dirname, 'doom.ts');
