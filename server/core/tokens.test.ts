import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bytesOf, estimateTokens, sizeOf, sizeOfImage } from './tokens.ts';

describe('the estimate of tokens', () => {
  it('takes three bytes for a token where nothing was counted', () => {
    assert.equal(estimateTokens(3000, null), 1000);
    assert.ok(estimateTokens(bytesOf(1000), null) <= 1000);
  });

  it('goes on from what the provider counted, at its rate', () => {
    assert.equal(estimateTokens(4000, { size: 3000, tokens: 1200 }), 1600);
    assert.equal(estimateTokens(3000, { size: 3000, tokens: 1200 }), 1200);
  });

  it('takes what is added for no sparser than four bytes a token', () => {
    assert.equal(estimateTokens(4000, { size: 3000, tokens: 500 }), 750);
  });

  it('does not go by a count that cannot be, or by that of a longer request', () => {
    for (const counted of [
      { size: 3000, tokens: 10 },
      { size: 3000, tokens: 9000 },
      { size: 5000, tokens: 1500 },
    ])
      assert.equal(estimateTokens(3000, counted), 1000);
  });

  it('grows with the request', () => {
    const counted = fc.option(fc.record({ size: fc.nat(100_000), tokens: fc.nat(100_000) }));
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), counted, (size, more, count) => {
        const known = count && count.size <= size ? count : null;
        assert.ok(estimateTokens(size + more, known) >= estimateTokens(size, known));
      }),
    );
  });
});

describe('the size of a text', () => {
  it('is that of its UTF-8, or more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0x10ffff)).map((codes) => String.fromCodePoint(...codes).toWellFormed()),
        (text) => {
          const bytes = Buffer.byteLength(text);
          assert.ok(sizeOf(text) >= bytes && sizeOf(text) <= bytes * 1.5);
        },
      ),
    );
    assert.equal(sizeOf('Brücke 橋'), 11);
  });

  it('of an image is what its pixels cost', () => {
    assert.equal(sizeOfImage({ width: 1500, height: 1000 }), 6000);
  });
});
