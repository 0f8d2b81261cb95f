import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RuntimeOrder } from '../../../core/ports/runtime.ts';
import { gateFor } from './gate.ts';
import { isThere } from './strays.ts';

/** pi's agent directory for one run, with nothing of the person's own. */
export interface AgentFolder {
  readonly path: string;
  /** The extension's file. */
  readonly gate: string;
  /** Takes the key away, which pi has read by then, before a model's command could. */
  forgetKey(): void;
  remove(): Promise<void>;
}

/** Makes the folder below `home`; only this user can read it. */
export async function makeAgentFolder(
  home: string,
  { models, prompt, tools }: { readonly models: unknown } & Pick<RuntimeOrder, 'prompt' | 'tools'>,
): Promise<AgentFolder> {
  const all = path.join(home, 'pi');
  await mkdir(all, { recursive: true, mode: 0o700 });
  await removeLeft(all);
  const folder = await mkdtemp(path.join(all, `${process.pid}-`));
  const write = (name: string, text: string) => writeFile(path.join(folder, name), text, { mode: 0o600 });
  await write('models.json', JSON.stringify(models));
  await write('gate.js', gateFor(tools));
  await write('settings.json', JSON.stringify(settings));
  if (prompt !== '') await write('APPEND_SYSTEM.md', prompt);
  return {
    path: folder,
    gate: path.join(folder, 'gate.js'),
    forgetKey: () => rmSync(path.join(folder, 'models.json'), { force: true }),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

const settings = { quietStartup: true, defaultProjectTrust: 'never' };

/** Removes what workers left that were killed; a key may lie in it. */
async function removeLeft(all: string): Promise<void> {
  const left = (await readdir(all)).filter((name) => !isThere(Number.parseInt(name, 10)));
  await Promise.all(left.map((name) => rm(path.join(all, name), { recursive: true, force: true })));
}
