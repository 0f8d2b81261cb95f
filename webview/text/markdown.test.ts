import assert from 'node:assert/strict';
import { longestCode } from './highlight.ts';
import { blocksOf, longestMarkdown, mostBlocks, mostParts } from './markdown.ts';

const words = { copy: 'Copy', image: (alt: string) => `Image: ${alt}` };
const blocks = (text: string) => blocksOf(text, words);
const times = (text: string, part: string) => text.split(part).length - 1;

describe('Markdown', () => {
  it('is cut into its blocks', () => {
    assert.deepEqual(
      blocks('# a\n\n*b*\n\n- c\n- d')?.map(({ key }) => key),
      ['0', '1', '2'],
    );
    assert.deepEqual(blocks(''), []);
  });

  it('is not drawn where it is too long', () => {
    assert.notEqual(blocks('a'.repeat(longestMarkdown)), null);
    assert.equal(blocks('a'.repeat(longestMarkdown + 1)), null);
  });

  it('is not drawn where it is of too many parts', () => {
    assert.equal(blocks('- a\n'.repeat(mostParts / 5)), null);
    assert.equal(blocks('*a* '.repeat(mostParts / 2)), null);
    assert.equal(blocks(`|a|\n|-|\n${'|a|\n'.repeat(mostParts / 5)}`), null);
  });

  it('is not drawn where it is so deep that the parser would leave something out', () => {
    for (const depth of [100, 101, 3000]) assert.equal(blocks(`${'> '.repeat(depth)}hidden`), null);
    assert.match(blocks(`${'> '.repeat(90)}shown`)?.[0]?.html ?? '', /shown/);
  });

  it('keeps all its paragraphs in a bounded number of blocks', () => {
    const many = blocks(Array.from({ length: mostBlocks * 3 }, (_, n) => `p${n}.`).join('\n\n')) ?? [];
    assert.equal(many.length, mostBlocks);
    assert.equal(times(many.map(({ html }) => html).join(''), '<p>'), mostBlocks * 3);
    assert.match(many.at(-1)?.html ?? '', new RegExp(`p${mostBlocks * 3 - 1}\\.`));
  });

  it('loses no code where more of it stands than is painted', () => {
    const fence = `\`\`\`js\n${'const a = 1;\n'.repeat(Math.floor(longestCode / 13) - 1)}\`\`\`\n`;
    const html = (blocks(fence.repeat(10)) ?? []).map((block) => block.html);
    assert.equal(html.length, 10);
    assert.ok(html.every((one) => times(one, 'a = ') === times(html[0] ?? '', 'a = ')));
    assert.deepEqual(
      html.map((one) => one.includes('hljs-')),
      html.map((_, at) => at < 3),
    );
  });

  for (const sign of [
    '<',
    '[',
    '*',
    '|',
    '![',
    '`',
    '_',
    '&',
    '[a](',
    '[a][',
    'http://',
    'mailto:a@',
    '- ',
  ]) {
    it(`comes to an end on endless ${sign}`, () => {
      assert.notEqual(blocks(sign.repeat(20_000 / sign.length)), undefined);
    });
  }
});
