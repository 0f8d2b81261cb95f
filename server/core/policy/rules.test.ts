import assert from 'node:assert/strict';
import type { Effect } from '../../protocol/effect.ts';
import { PolicyRule } from '../../protocol/policy.ts';
import { alwaysRule } from './always.ts';
import { decide, noPolicies, type Situation } from './decide.ts';
import { partsFit, wordFits } from './glob.ts';

const situation = (rules: unknown[], change: Partial<Situation> = {}): Situation => ({
  tool: 'run_command',
  ability: 'butler',
  workspace: '/w',
  mode: 'ask',
  trusted: true,
  grants: [],
  policies: { ...noPolicies, user: { rules: rules.map((rule) => PolicyRule.parse(rule)), fault: null } },
  ...change,
});
const run = (...argv: string[]): Effect => ({
  kind: 'run',
  argv,
  cwd: '/w',
  sandboxed: true,
  reversible: true,
});
const write = (shown: string): Effect => ({
  kind: 'write',
  path: `/w/${shown}`,
  shown,
  place: 'workspace',
  reversible: true,
});
const read = (shown: string): Effect => ({ kind: 'read', path: `/w/${shown}`, shown, place: 'workspace' });

describe('a pattern', () => {
  it('fits with * within a name and ** over any', () => {
    for (const [pattern, path, fits] of [
      ['docs/*.md', 'docs/a.md', true],
      ['docs/*.md', 'docs/sub/a.md', false],
      ['docs/**', 'docs/sub/a.md', true],
      ['**/*.md', 'a.md', true],
      ['**/a.md', 'x/y/a.md', true],
      ['**', 'anything/at/all', true],
      ['*', 'a/b', false],
      ['a*c', 'abbbc', true],
      ['a*c', 'abbbd', false],
      ['docs', 'docs/a.md', false],
      ['', '', true],
    ] as const) {
      assert.equal(partsFit(pattern, path, '/'), fits, `${pattern} ${path}`);
    }
  });

  it('takes no longer than its length times that of the text', () => {
    const long = 'a'.repeat(4000);
    assert.equal(wordFits(`${'*a'.repeat(200)}*b`, long), false);
    assert.equal(partsFit(`${'**/a/'.repeat(100)}b`, `${'a/'.repeat(2000)}c`, '/'), false);
  }).timeout(2000);
});

describe('a rule', () => {
  it('that allows a program covers its words exactly, and the further ones of a last ...', () => {
    const rules = [{ decision: 'allow', argv: ['git', 'status', '...'] }];
    assert.equal(decide([run('git', 'status')], situation(rules)).decision, 'allow');
    assert.equal(decide([run('git', 'status', '-s')], situation(rules)).decision, 'allow');
    for (const argv of [
      ['git'],
      ['git', 'push'],
      ['git', '-c', 'x', 'status'],
      ['/tmp/git', 'status'],
      ['Git', 'status'],
    ]) {
      assert.equal(decide([run(...argv)], situation(rules)).decision, 'ask', argv.join(' '));
    }
  });

  it('must cover every program of a command to allow it, and any of them to deny it', () => {
    const allow = { decision: 'allow', argv: ['npm', 'test'] };
    assert.equal(decide([run('npm', 'test'), run('curl', 'x')], situation([allow])).decision, 'ask');
    const deny = { decision: 'deny', argv: ['curl', '...'] };
    assert.equal(decide([run('npm', 'test'), run('curl', 'x')], situation([allow, deny])).decision, 'deny');
  });

  it('that denies a program finds it by other spellings, and where the command is not understood', () => {
    const rules = [{ decision: 'deny', argv: ['rm', '...'] }];
    for (const program of ['rm', '/bin/rm', 'C:\\tools\\RM.EXE', 'Rm']) {
      assert.equal(decide([run(program, '-rf', 'x')], situation(rules)).decision, 'deny', program);
    }
    const unclear: Effect = {
      ...run('rm', 'x'),
      kind: 'run',
      argv: ['rm', 'x'],
      cwd: '/w',
      unclear: 'An expansion.',
    };
    assert.equal(decide([unclear], situation(rules)).decision, 'deny');
  });

  it('never allows a command that is not understood or not held', () => {
    const rules = [
      { decision: 'allow', effect: 'run' },
      { decision: 'allow', argv: ['...'] },
    ];
    const clear = run('ls');
    assert.equal(decide([clear], situation(rules)).decision, 'allow');
    assert.equal(decide([{ kind: 'run', argv: ['ls'], cwd: '/w' }], situation(rules)).decision, 'ask');
    assert.equal(decide([{ ...run('ls'), unclear: 'It.' } as Effect], situation(rules)).decision, 'ask');
  });

  it('that allows a path is exact; one that denies it folds case and Unicode forms', () => {
    const allow = [{ decision: 'allow', path: 'docs/**' }];
    assert.equal(decide([write('docs/a.md')], situation(allow)).decision, 'allow');
    assert.equal(decide([write('Docs/a.md')], situation(allow)).decision, 'ask');
    assert.equal(decide([write('docs\\a.md')], situation(allow)).decision, 'ask');
    const deny = [{ decision: 'deny', path: 'docs/**' }];
    for (const shown of ['docs/a.md', 'DOCS/a.md', 'ｄocs/a.md', 'docs./a.md', 'do\u200bcs/a.md']) {
      assert.equal(decide([write(shown)], situation(deny)).decision, 'deny', shown);
    }
  });

  it('that denies a path finds it by the name of a link that leads there; one that allows does not', () => {
    const linked = { ...write('conf/a.json'), named: '.vscode/a.json' } as Effect;
    const path = '.vscode/**';
    assert.equal(decide([linked], situation([{ decision: 'deny', path }])).decision, 'deny');
    assert.equal(decide([linked], situation([{ decision: 'allow', path }])).decision, 'ask');
    const secret = { ...read('conf/a.txt'), named: '.env' } as Effect;
    assert.equal(decide([secret], situation([{ decision: 'allow', effect: 'read' }])).decision, 'ask');
  });

  it('allows secrets, hosts and money only where it speaks of them', () => {
    const broad = [
      { decision: 'allow', ability: 'butler' },
      { decision: 'allow', tool: '*' },
    ];
    assert.equal(decide([write('a.md')], situation(broad)).decision, 'allow');
    assert.equal(decide([read('.env')], situation(broad)).decision, 'ask');
    assert.equal(decide([{ kind: 'network', host: 'a.example' }], situation(broad)).decision, 'ask');
    assert.equal(decide([{ kind: 'spend', amount: '1' }], situation(broad)).decision, 'ask');
    const denied = [{ decision: 'deny', host: 'a.example' }];
    const port: Effect = { kind: 'network', host: 'a.example:8080' };
    assert.equal(decide([port], situation(denied)).decision, 'deny');
    const hosts = [
      { decision: 'allow', host: '*.example' },
      { decision: 'allow', path: '.env' },
    ];
    assert.equal(decide([{ kind: 'network', host: 'A.example.' }], situation(hosts)).decision, 'allow');
    assert.equal(decide([port], situation([{ decision: 'allow', host: 'a.example' }])).decision, 'ask');
    assert.equal(decide([{ kind: 'network', host: 'x.a.example' }], situation(hosts)).decision, 'ask');
    assert.equal(decide([read('.env')], situation(hosts)).decision, 'allow');
  });

  it('concerns only the workspace, the tool and the Ability that it names', () => {
    for (const [named, decision] of [
      [{ workspace: '/w' }, 'deny'],
      [{ workspace: '/other' }, 'allow'],
      [{ tool: 'run_*' }, 'deny'],
      [{ tool: 'write_file' }, 'allow'],
      [{ ability: 'other' }, 'allow'],
    ] as const) {
      assert.equal(decide([], situation([{ decision: 'deny', ...named }])).decision, decision);
    }
  });

  it('that names nothing is no rule', () => {
    assert.equal(PolicyRule.safeParse({ decision: 'allow' }).success, false);
    assert.equal(PolicyRule.safeParse({ decision: 'allow', why: 'so' }).success, false);
  });
});

describe('the rule of "always"', () => {
  const doer = { tool: 'run_command', ability: 'butler', workspace: '/w' };
  const same = (argv: readonly string[]) => argv;
  const offered = (...effects: Effect[]) => alwaysRule(effects, doer, same);

  it('lets exactly the like go on, in this workspace', () => {
    const rule = offered(run('npm', 'test'));
    assert.deepEqual(rule, {
      decision: 'allow',
      tool: 'run_command',
      effect: 'run',
      argv: ['npm', 'test'],
      workspace: '/w',
    });
    assert.equal(decide([run('npm', 'test')], situation([rule])).decision, 'allow');
    assert.equal(decide([run('npm', 'test', 'x')], situation([rule])).decision, 'ask');
    assert.equal(decide([run('npm', 'test')], situation([rule], { workspace: '/v' })).decision, 'ask');
  });

  it('is none where a protection asks, where one rule does not cover it, or where a pattern cannot say it', () => {
    assert.equal(offered({ kind: 'run', argv: ['ls'], cwd: '/w' }), null);
    assert.equal(offered(write('.env')), null);
    assert.equal(offered({ kind: 'ask', question: 'Which?', choices: [] }), null);
    assert.equal(offered({ kind: 'spend', amount: '1' }), null);
    assert.equal(offered(run('npm', 'test'), run('npm', 'audit')), null);
    assert.equal(offered(run('npm', 'test'), { kind: 'network', host: 'a.example' }), null);
    assert.equal(offered(run('ls', '*.md')), null);
    assert.equal(offered(run('ls', '...')), null);
    assert.equal(offered(write('a*.md')), null);
    assert.equal(offered(read('a.md')), null);
  });

  it('is one for a tool of a server, and none for reading resources, which one tool does of every server', () => {
    const ofServer = (tool: string, called: string) =>
      alwaysRule([{ kind: 'mcp', server: 's', tool }], { ...doer, tool: called }, same);
    const rule = { decision: 'allow', tool: 'mcp__s__t', effect: 'mcp', workspace: '/w' };
    assert.deepEqual(ofServer('t', 'mcp__s__t'), rule);
    assert.equal(ofServer('resources/read', 'mcp_resource'), null);
  });
});
