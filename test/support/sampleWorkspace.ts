import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeSampleWorkspace } from '../../examples/makeHistory.mjs';

let template: Promise<string> | null = null;

/** Copies the sample workspace with its history into a folder; it is made once in each process. Answers the folder. */
export async function copySampleWorkspace(folder: string): Promise<string> {
  template ??= makeTemplate();
  await cp(await template, folder, { recursive: true });
  return folder;
}

/** Its objects are packed, for a copy of few files is a quick one. */
async function makeTemplate(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'butler-sample-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const workspace = await makeSampleWorkspace(path.join(root, 'workspace'));
  await promisify(execFile)('git', ['-C', workspace, 'gc', '--quiet']);
  return workspace;
}
