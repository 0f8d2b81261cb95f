import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ToolContext } from '../../../core/ports/tool.ts';
import { readNote, writeNote } from './note.ts';

describe('the note of an execution', () => {
  it('is read again, stays a day, and is looked for by one of some hundred others then', async () => {
    const own = await mkdtemp(path.join(tmpdir(), 'butler-notes-'));
    const old = path.join(own, 'begun', 'old.json');
    await mkdir(path.dirname(old));
    await writeFile(old, '{}');
    await utimes(old, 0, 0);
    const of = (execution: string) => ({ ownFolders: [own], execution }) as unknown as ToolContext;
    const many = Array.from({ length: 2000 }, (_, index) => `execution-${index}`);
    for (const one of many) await writeNote(of(one), { of: one });
    assert.equal(existsSync(old), false);
    for (const one of many) assert.deepEqual(await readNote(of(one)), { of: one });
    await rm(own, { recursive: true });
  });
});
