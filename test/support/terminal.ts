import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Stage } from './stage.ts';

/** The program as it is built. */
export const program = path.join(import.meta.dirname, '../../dist/butler.mjs');

/** What a call of the program printed, and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** The environment in which the program finds the store of a home, and no keychain. */
export function atHome({ home }: Pick<Stage, 'home'>): NodeJS.ProcessEnv {
  return { ...process.env, BUTLER_HOME: home, BUTLER_KEYCHAIN: 'off' };
}

/** Runs the program to its end in a workspace, where nobody sits; what is given as input is all there is of it. */
export async function runButler(
  stage: Pick<Stage, 'home' | 'workspace'>,
  args: readonly string[],
  { input, environment = {} }: { input?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const env = { ...atHome(stage), ...environment };
  const child = spawn(process.execPath, [program, ...args], { cwd: stage.workspace, env });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, out, err };
}
