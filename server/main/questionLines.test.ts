import assert from 'node:assert/strict';
import { effectLines } from './questionLines.ts';

describe('what a question is about, for a terminal or an editor without our own view', () => {
  it('names each program with its words apart, what holds it, and what nobody can tell', () => {
    const lines = effectLines({
      effects: [
        { kind: 'run', argv: ['npm', 'a b'], cwd: '/project', sandboxed: true, reversible: true },
        { kind: 'run', argv: ['sh'], cwd: '/project', unclear: 'it runs what it is fed' },
      ],
    });
    assert.deepEqual(lines, [
      'run npm "a b" (in /project, in a sandbox)',
      'run sh (in /project, NOT in a sandbox, nobody can tell what it does: it runs what it is fed)',
    ]);
  });

  it('spells out what cannot be seen, and says what lies outside or does not come back', () => {
    const file = { path: '/etc/x', shown: '/etc/x\u202e', place: 'outside', reversible: false } as const;
    assert.deepEqual(effectLines({ effects: [{ kind: 'delete', ...file }] }), [
      'delete /etc/x\\u202e (outside the workspace, cannot be taken back)',
    ]);
  });
});
