import assert from 'node:assert/strict';
import { createShellParser, readingLimits } from './treeSitter.ts';

describe('the reader of commands', () => {
  const parser = createShellParser();

  it('reads bash and PowerShell by their grammars, and has none for cmd', async () => {
    assert.equal((await parser.parse('bash', 'ls -la'))?.children[0]?.type, 'command');
    assert.equal((await parser.parse('powershell', 'Get-ChildItem'))?.type, 'program');
    assert.equal((await parser.parse('bash', 'ls'))?.broken, false);
    assert.equal(await parser.parse('cmd', 'dir'), null);
  });

  it('names the role that a node has in the one above', async () => {
    const [command] = (await parser.parse('bash', 'ls -la'))?.children ?? [];
    assert.deepEqual(
      command?.children.map(({ field, text }) => [field, text]),
      [
        ['name', 'ls'],
        ['argument', '-la'],
      ],
    );
  });

  it('calls broken what the grammar cannot read, and what is too long or too deep', async () => {
    const texts = [
      'ls "',
      'ls (',
      `ls ${'a'.repeat(readingLimits.bytes)}`,
      `ls ${'é'.repeat(readingLimits.bytes / 2)}`,
      `${'$('.repeat(readingLimits.depth)}ls${')'.repeat(readingLimits.depth)}`,
      `${'{ '.repeat(readingLimits.depth)}ls${'; }'.repeat(readingLimits.depth)}`,
    ];
    for (const text of texts)
      assert.equal((await parser.parse('bash', text))?.broken, true, text.slice(0, 40));
  });

  it('comes back from texts made to wear it out, and reads on', async () => {
    const pieces = [
      '(',
      '{ ',
      '$(',
      '"$(',
      '`',
      'a|',
      'a;',
      '<<a ',
      '[[ ',
      'case a in ',
      '$((',
      '\ud800',
      '\0',
    ];
    for (const [at, piece] of pieces.entries()) {
      const length = readingLimits.bytes / (piece === '<<a ' || piece === '(' ? 1 : 20);
      const text = piece.repeat(Math.floor(length / 3 / piece.length));
      assert.notEqual(await parser.parse(at % 2 ? 'powershell' : 'bash', text), null, piece);
      assert.notEqual(await parser.parse('bash', text), null, piece);
    }
    assert.equal((await parser.parse('bash', 'git status'))?.broken, false);
    assert.equal((await parser.parse('powershell', 'git status'))?.broken, false);
  });
});
