import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { type Ground, kindOf, makeGround } from './ground.ts';

/** A workspace with folders, links, modes and bytes, and a secret beside it. */
export async function setGround(): Promise<Ground> {
  const ground = await makeGround(files);
  const at = (name: string) => path.join(ground.workspace, name);
  await writeFile(path.join(ground.outside, 'secret'), 'the secret');
  await mkdir(at('docs/hollow/deep'), { recursive: true });
  await chmod(at('docs/b.txt'), 0o640);
  await chmod(at('docs/in'), 0o700);
  await symlink('b.txt', at('docs/link'));
  await symlink(ground.outside, at('docs/out'));
  await symlink('nowhere', at('docs/dangling'));
  return ground;
}

/** What taking something back came to. */
export const undone = async (tool: Tool, undo: unknown, ground: Ground) =>
  kindOf((await tool.undo?.(undo, ground.context())) as never);

const files = {
  'a.txt': 'one\n',
  'docs/b.txt': 'two\r\n',
  'docs/in/c.bin': new Uint8Array([0, 255, 1]),
  'docs/in/nothing': '',
};
