import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import fc from 'fast-check';
import { x86Calls } from './x86Calls.ts';

describe('the calls of machine code', () => {
  it('come back exactly, whatever the bytes', () => {
    const bytes = fc.array(
      fc.constantFrom(
        ...[0xe8, 0xe9, 0, 1, 4, 0x7f, 0x80, 0xff, 0xfe, 0x15, 0x25, 0x48, 0x8b, 0x8d, 5, 0x0d],
      ),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const code = Uint8Array.from(given);
        x86Calls(code, 'forwards');
        x86Calls(code, 'backwards');
        assert.deepEqual([...code], given);
      }),
      { numRuns: 2000 },
    );
  });

  it('pack smaller when they are absolute', () => {
    const plain = readFileSync(process.execPath).subarray(1 << 24, (1 << 24) + (1 << 20));
    const turned = Uint8Array.from(plain);
    x86Calls(turned, 'forwards');
    const size = (code: Uint8Array) =>
      brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;
    if (process.arch === 'x64') assert.ok(size(turned) < size(plain));
    x86Calls(turned, 'backwards');
    assert.ok(plain.equals(turned));
  });
});
