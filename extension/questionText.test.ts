import assert from 'node:assert/strict';
import type { Approval, Preview } from '../server/protocol/approval.ts';
import type { Effect } from '../server/protocol/effect.ts';
import { questionLine } from './questionText.ts';
import { english as t } from './translate.ts';

function asked(effects: Effect[], change: Partial<Approval> = {}, preview: Preview | null = null) {
  const approval: Approval = {
    ...{ id: 'a', job: 'j', session: 's', call: 'c', tool: 'run_command', title: 'Run it', effects },
    ...{ digest: 'e'.repeat(64), rule: 'asks', protected: false, requested: 0, expires: 1, decision: null },
    ...change,
  };
  return { approval, preview };
}

const run = (argv: string[], sandboxed?: boolean): Effect => ({
  ...({ kind: 'run', argv, cwd: '/project' } as const),
  ...(sandboxed === undefined ? {} : { sandboxed }),
});

describe('a question in one line', () => {
  it('names each program with its words apart, and what holds them', () => {
    const { text, whole } = questionLine(asked([run(['npm', 'run', 'a b'], true), run(['ls'], true)]), t);
    assert.equal(text, 'Run it: npm run "a b" · ls (in a sandbox)');
    assert.equal(whole, true);
  });

  it('names them once where the title names them already', () => {
    const { text } = questionLine(asked([run(['ls', 'docs'], true)], { title: 'Run ls docs' }), t);
    assert.equal(text, 'Run ls docs (in a sandbox)');
  });

  it('claims no sandbox that nobody told of', () => {
    assert.match(questionLine(asked([run(['ls'])]), t).text, /NOT in a sandbox/);
    assert.match(questionLine(asked([run(['ls'], true), run(['rm'])]), t).text, /NOT in a sandbox/);
  });

  it('says of a publication who will see it and what it deletes, and is not whole where there is more to know', () => {
    const effect: Effect = {
      ...({
        kind: 'publish',
        target: 's3',
        address: 'https://b.example.org',
        path: 'https://b.example.org',
      } as const),
      ...({ shown: 'https://b.example.org', place: 'outside', reversible: true } as const),
    };
    const files = (more: object): Preview => ({
      ...({ kind: 'files', address: 'https://b.example.org' } as const),
      files: [
        { path: 'a.html', change: 'create', size: 1 },
        { path: 'old.html', change: 'delete', size: 1 },
      ],
      ...more,
    });
    const line = (more: object) => questionLine(asked([effect], { title: 'Publish 1 file' }, files(more)), t);
    assert.equal(line({}).text, 'Publish 1 file (deletes 1 there)');
    const open = line({ visibility: 'public' });
    assert.deepEqual(open, {
      text: 'Publish 1 file (public: anyone can see it; deletes 1 there)',
      whole: true,
    });
    assert.equal(line({ visibility: 'local' }).text, 'Publish 1 file (deletes 1 there)');
    assert.equal(line({ notes: ['The branch is protected.'] }).whole, false);
  });

  it('is not whole where there is more to see than a line holds', () => {
    const write: Effect = {
      ...({ kind: 'write', path: '/project/a', shown: 'a', place: 'workspace', reversible: true } as const),
    };
    const diff: Preview = { kind: 'diff', path: 'a', before: null, after: 'x' };
    const files: Preview = { kind: 'files', address: './public', files: [] };
    assert.equal(questionLine(asked([write], {}, diff), t).whole, false);
    assert.equal(questionLine(asked([write], {}, files), t).whole, true);
    assert.equal(questionLine(asked([run(['echo', 'x'], true), write]), t).whole, false);
    const unclear = { ...run(['sh'], true), unclear: 'it runs what it is fed' } as Effect;
    assert.equal(questionLine(asked([unclear]), t).whole, false);
  });

  it('is not whole where it is cut, protected, or the agent asks something', () => {
    const long = asked([run(['echo', 'x'.repeat(400), '; rm -rf ~'], true)]);
    assert.equal(questionLine(long, t).whole, false);
    assert.match(questionLine(long, t).text, /rm -rf ~" \(in a sandbox\)$/);
    assert.equal(questionLine(asked([], { protected: true }), t).whole, false);
    const question = asked([{ kind: 'ask', question: 'Which name?', choices: [] }]);
    assert.deepEqual(questionLine(question, t), { text: 'Which name?', whole: false });
  });

  it('spells out what cannot be seen, also where it only pushes the rest away', () => {
    const hidden = asked([run(['x\u202ey', ' '.repeat(60)], true)], { title: 'Run \u2800' });
    assert.equal(questionLine(hidden, t).text, 'Run \\u2800: "x\\u202ey" "\\u0020{60}" (in a sandbox)');
  });
});
