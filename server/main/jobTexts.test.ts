import assert from 'node:assert/strict';
import { codeJobText, codeTasks, commandOf, taskOf } from './jobTexts.ts';

describe('the text of a code action', () => {
  const piece = { path: 'src/a.ts', from: 3, to: 5, whole: false, text: 'const a = 1;', diagnostics: [] };

  it('says what to do, where, and what stands there', () => {
    const text = codeJobText('explain', piece);
    assert.match(text, /lines 3 to 5 of src\/a\.ts/);
    assert.match(text, /```\nconst a = 1;\n```$/);
  });
  it('fences text that holds fences itself', () => {
    assert.match(codeJobText('review', { ...piece, text: '````\nx\n````' }), /`````\n````\nx\n````\n`````$/);
  });
  it('leaves a long text for the agent to read, and quotes what the editor reports', () => {
    const text = codeJobText('fix', { ...piece, text: 'x'.repeat(30_000), diagnostics: ['a is unused'] });
    assert.ok(text.length < 1000);
    assert.match(text, /- a is unused/);
  });
  it('has a command for every task', () => {
    for (const task of Object.keys(codeTasks)) assert.equal(taskOf(commandOf(task as 'fix')), task);
    assert.equal(taskOf('butler.code.nothing'), null);
  });
});
