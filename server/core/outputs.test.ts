import assert from 'node:assert/strict';
import fc from 'fast-check';
import { longestPiece, pieceOf, toldOutput } from './outputs.ts';

const manner = { longest: 100, readable: true };
const lines = (count: number) =>
  Array.from({ length: count }, (_none, index) => `line ${index + 1}`).join('\n');

describe('a long result', () => {
  it('is told whole where it is short', () => {
    assert.equal(toldOutput('c', lines(12), manner), lines(12));
  });

  it('is told with its first and last lines, and how to read those between', () => {
    assert.equal(
      toldOutput('c', lines(40), manner),
      `${lines(8)}\n[… 215 characters left out, lines 9 to 35; read them with read_output, call "c" …]\n${lines(40).split('\n').slice(35).join('\n')}`,
    );
  });

  it('names no way to read on where there is none', () => {
    assert.match(toldOutput('c', lines(40), { ...manner, readable: false }), /left out, lines 9 to 35 …\]/);
  });

  it('is cut within a line where it has but one, and never within a character', () => {
    const told = toldOutput('c', '🦆'.repeat(200), manner);
    assert.match(told, /\[… 300 characters left out, in line 1;/);
    assert.ok(told.isWellFormed());
  });

  it('loses nothing: what is told and what can be read make the whole', () => {
    const text = fc.array(fc.stringMatching(/^[ -~]{0,30}$/), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(text, (all) => {
        const whole = all.join('\n');
        const told = toldOutput('c', whole, manner);
        if (whole.length <= manner.longest) return assert.equal(told, whole);
        const note = /\n?\[… (\d+) characters left out, (?:lines (\d+) to (\d+)|in line (\d+)).* …\]\n/.exec(
          told,
        );
        assert.ok(note);
        const [head, tail] = [told.slice(0, note.index), told.slice(note.index + note[0].length)];
        assert.ok(whole.startsWith(head) && whole.endsWith(tail));
        const from = Number(note[2] ?? note[4]);
        const to = Number(note[3] ?? note[4]);
        const read = all.slice(from - 1, to).join('\n');
        const left = whole.slice(head.length, whole.length - tail.length);
        assert.ok(read.includes(left.replace(/^\n|\n$/g, '')), JSON.stringify({ left, read }));
      }),
    );
  });
});

describe('a piece of a result', () => {
  it('is a range of lines or characters, with what it is', () => {
    assert.equal(pieceOf(lines(40), { from: 3, to: 4, by: 'lines' }), 'lines 3 to 4 of 40\nline 3\nline 4');
    assert.equal(pieceOf('abcdef', { from: 3, to: 4, by: 'characters' }), 'characters 3 to 4 of 6\ncd');
    assert.equal(pieceOf('abc', { from: 2, by: 'characters' }), 'characters 2 to 3 of 3\nbc');
  });

  it('says where there is nothing', () => {
    assert.equal(pieceOf('abc', { from: 9, by: 'lines' }), 'There are 1 lines.');
  });

  it('is no longer than one reading gives, and says how far it goes', () => {
    const told = pieceOf('x'.repeat(50_000), { from: 101, by: 'characters' });
    assert.ok(told.startsWith(`characters 101 to ${100 + longestPiece} of 50000\n`));
    const most = pieceOf(lines(9000), { from: 1, by: 'lines' });
    const last = Number(/^lines 1 to (\d+) of 9000\n/.exec(most)?.[1]);
    assert.ok(most.endsWith(`\nline ${last}\n[… cut; read on from there …]`));
    const next = pieceOf(lines(9000), { from: last + 1, by: 'lines' });
    assert.equal(next.split('\n')[1], `line ${last + 1}`);
  });
});
