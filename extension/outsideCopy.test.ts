import assert from 'node:assert/strict';
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { copyOutside, isPdf } from './outsideCopy.ts';

describe('a PDF for another program', () => {
  it('is one by its bytes, whatever its name says', () => {
    assert.equal(isPdf(Buffer.from('%PDF-1.7\n')), true);
    assert.equal(isPdf(Buffer.from('\n\n%PDF-1.4\n').subarray(1)), true);
    assert.equal(isPdf(Buffer.from('#!/bin/sh\nrm -r ~\n')), false);
    assert.equal(isPdf(Buffer.from('')), false);
    assert.equal(isPdf(Buffer.from(`${' '.repeat(2_000)}%PDF-`)), false);
  });

  it('lies in a new folder of the person alone, under a plain name that ends as one', async () => {
    const names = ['a/Größe 1.pdf', '../..', 'x.sh', 'con.pdf\u202e.exe', '$(id);&.PDF', '.pdf'];
    for (const name of names) {
      const file = await copyOutside(name, Buffer.from('%PDF-1.7'));
      try {
        assert.match(path.basename(file), /^[\p{L}\p{N}_ -]+\.pdf$/u, name);
        assert.equal(await readFile(file, 'utf8'), '%PDF-1.7');
        if (process.platform !== 'win32') assert.equal((await stat(path.dirname(file))).mode & 0o077, 0);
      } finally {
        await rm(path.dirname(file), { recursive: true });
      }
    }
  });
});
