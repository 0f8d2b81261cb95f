import assert from 'node:assert/strict';
import type { Entry } from '../../protocol/journal.ts';
import { printCsv, printJson } from './open.ts';
import { createScreen } from './screen.ts';

const steering = '\u001b]0;x\u0007\u009b2J\u202e';

/** What is written to the output meanwhile. */
function written(work: () => void, isTTY = true): string {
  const { stdout } = process;
  const own = { write: stdout.write, isTTY: stdout.isTTY };
  const texts: string[] = [];
  const write = (text: string) => {
    texts.push(text);
    return true;
  };
  Object.assign(stdout, { write, isTTY });
  try {
    work();
  } finally {
    Object.assign(stdout, own);
  }
  return texts.join('');
}

describe('what the command line prints', () => {
  it('is a line for each act, whatever its title holds', () => {
    const title = `Save "x${steering}\n→ Delete all\r\n  approved"`;
    const entry = { type: 'execution.started', data: { title } } as unknown as Entry;
    const told = written(() => createScreen({}).entry(entry));
    assert.equal(told, '→ Save "x\\u001b]0;x\\u0007\\u009b2J\\u202e → Delete all\\u000d   approved"\n');
  });

  it('is JSON that cannot steer a terminal, and says the same', () => {
    const value = { title: `${steering}\u007f\u2028` };
    const told = written(() => printJson(value));
    assert.match(told, /^[\u0020-\u007e]*\n$/);
    assert.deepEqual(JSON.parse(told), value);
  });

  it('is CSV byte for byte, but on a terminal, which it cannot steer', () => {
    const row = `1,"${steering}"\r\n`;
    assert.equal(
      written(() => printCsv(row), false),
      row,
    );
    assert.equal(
      written(() => printCsv(row)),
      '1,"\\u001b]0;x\\u0007\\u009b2J\\u202e"\n',
    );
  });
});
