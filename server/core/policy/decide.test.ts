import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Effect } from '../../protocol/effect.ts';
import type { Mode } from '../../protocol/policy.ts';
import { decide, noPolicies, type Situation } from './decide.ts';
import type { Grant } from './grants.ts';
import { isGuarded, looksSecret } from './protections.ts';

const situation = (change: Partial<Situation> = {}): Situation => ({
  tool: 'write_file',
  ability: 'butler',
  workspace: '/w',
  policies: noPolicies,
  mode: 'ask',
  trusted: true,
  grants: [],
  ...change,
});
const file = (
  kind: 'read' | 'write' | 'delete',
  shown: string,
  place: 'workspace' | 'outside' = 'workspace',
  reversible = true,
): Effect => {
  const at = { path: `/w/${shown}`, shown, place };
  return kind === 'read' ? { kind, ...at } : { kind, ...at, reversible };
};

const arbitraryFile = fc.oneof(
  fc.constantFrom(
    '.vscode/settings.json',
    '.env',
    'AGENTS.md',
    '.git/hooks/pre-commit',
    'package.json',
    'a.md',
  ),
  fc.stringMatching(/^[a-z.]{1,8}(\/[a-zA-Z. ]{1,8}){0,3}$/),
);
const arbitraryEffect: fc.Arbitrary<Effect> = fc.oneof(
  fc
    .tuple(fc.constantFrom('write' as const, 'delete' as const, 'read' as const), arbitraryFile)
    .map(([kind, path]) => file(kind, path)),
  arbitraryFile.map((path) => file('write', path, 'outside')),
  fc.constant<Effect>({ kind: 'run', argv: ['ls'], cwd: '/w' }),
  fc.constant<Effect>({ kind: 'network', host: 'example.invalid' }),
  fc.constant<Effect>({
    kind: 'publish',
    target: 'local',
    address: 'public',
    path: '/w/public',
    shown: 'public',
    place: 'workspace',
    reversible: true,
  }),
);
const arbitraryGrant: fc.Arbitrary<Grant> = fc.record({
  tool: fc.constantFrom('write_file', 'publish'),
  effects: fc.array(arbitraryEffect, { maxLength: 4 }),
});
const arbitrarySituation: fc.Arbitrary<Situation> = fc.record({
  tool: fc.constantFrom('write_file', 'publish'),
  ability: fc.constant('butler'),
  workspace: fc.constant('/w'),
  policies: fc.constant(noPolicies),
  mode: fc.constantFrom<Mode>('ask', 'assisted'),
  trusted: fc.boolean(),
  grants: fc.array(arbitraryGrant, { maxLength: 4 }),
});
const rank = { allow: 0, ask: 1, deny: 2 };

describe('the policy', () => {
  it('allows reading the workspace, asks before changes, denies the outside', () => {
    assert.equal(decide([file('read', 'README.md')], situation()).decision, 'allow');
    assert.equal(decide([file('write', 'README.md')], situation()).decision, 'ask');
    assert.equal(decide([file('write', 'x', 'outside')], situation()).decision, 'deny');
    assert.equal(decide([file('read', 'x', 'outside')], situation()).decision, 'deny');
    assert.equal(decide([], situation()).decision, 'allow');
  });

  it('lets what can be undone run by itself in the assisted mode, and nothing else', () => {
    const assisted = situation({ mode: 'assisted' });
    assert.equal(decide([file('write', 'a.md')], assisted).decision, 'allow');
    assert.equal(decide([file('write', 'a.md', 'workspace', false)], assisted).decision, 'ask');
    assert.equal(decide([{ kind: 'run', argv: ['ls'], cwd: '/w' }], assisted).decision, 'ask');
  });

  it('denies everything without trust', () => {
    fc.assert(
      fc.property(fc.array(arbitraryEffect), arbitrarySituation, (effects, one) => {
        assert.equal(decide(effects, { ...one, trusted: false }).decision, 'deny');
      }),
    );
  });

  it('is never less strict about more effects', () => {
    fc.assert(
      fc.property(fc.array(arbitraryEffect), arbitraryEffect, arbitrarySituation, (effects, more, one) => {
        const before = rank[decide(effects, one).decision];
        assert.ok(rank[decide([...effects, more], one).decision] >= before);
      }),
    );
  });

  it('asks for a protected file under every mode and grant (S1)', () => {
    fc.assert(
      fc.property(arbitraryEffect, arbitrarySituation, (effect, one) => {
        const changes = 'shown' in effect && effect.kind !== 'read';
        if (!changes || !isGuarded(effect.shown)) return;
        const verdict = decide([effect], one);
        assert.notEqual(verdict.decision, 'allow');
        assert.ok(verdict.protected);
      }),
    );
  });

  it('lets a grant cover the like and nothing wider', () => {
    const grants: Grant[] = [{ tool: 'write_file', effects: [file('write', 'a.md')] }];
    assert.equal(decide([file('write', 'b.md')], situation({ grants })).decision, 'allow');
    assert.equal(decide([file('delete', 'b.md')], situation({ grants })).decision, 'ask');
    assert.equal(decide([file('write', 'b.md')], situation({ grants, tool: 'publish' })).decision, 'ask');
    assert.equal(decide([file('write', 'b.md', 'workspace', false)], situation({ grants })).decision, 'ask');
  });

  it('denies when deciding fails', () => {
    const broken = { kind: 'write', place: 'workspace', path: null, shown: null } as unknown as Effect;
    assert.equal(decide([broken], situation()).decision, 'deny');
  });
});

describe('the protected files', () => {
  const cases = [
    ['.vscode/settings.json', '.VSCODE/Settings.json', 'a/.vscode/tasks.json', 'x.code-workspace'],
    [
      '.git/hooks/pre-commit',
      '.git/config',
      '.gitmodules',
      '.gitattributes',
      '.husky/pre-push',
      '.GIT/config',
    ],
    ['.mcp.json', 'mcp.json', '.cursor/mcp.json', 'cline_mcp_settings.json', '.vscode/mcp.json'],
    ['AGENTS.md', 'CLAUDE.md', 'claude.local.md', 'SOUL.md', '.clinerules', '.cursorrules', 'sub/AGENTS.md'],
    [
      '.github/workflows/ci.yml',
      '.github/copilot-instructions.md',
      '.roo/rules/x.md',
      '.claude/settings.json',
    ],
    ['.env', '.env.local', '.envrc', 'prod.env', 'package.json', 'web/package.json', '.npmrc', '.yarnrc.yml'],
    ['.butler/abilities.json', '.butler/policy.json', 'memory/2026-01-31.md', 'MEMORY.md', '.bashrc'],
    [
      'opencode.json',
      '.rules',
      '.qwen/settings.json',
      'package.yaml',
      'composer.json',
      'app/build.gradle.kts',
    ],
    ['.vscode./settings.json', '.vscode /settings.json', '.git::$INDEX_ALLOCATION/config', '.env.'],
    ['.ｇｉｔ/config', '.g\u200bit/config', '.git\\hooks\\x', 'AGENTS.md::$DATA', 'package.json.'],
  ].flat();
  for (const path of cases) {
    it(`ask for ${JSON.stringify(path)}`, () => assert.ok(isGuarded(path)));
  }
  for (const path of [
    'README.md',
    'src/main.ts',
    'docs/environment.md',
    'gitlog.txt',
    'public/index.html',
    'my.envelope',
  ]) {
    it(`leave ${path} alone`, () => assert.ok(!isGuarded(path)));
  }
  it('know what looks like a secret', () => {
    const secrets = [
      '.env',
      '.dev.vars',
      'id_ed25519',
      'server.pem',
      'prod.tfvars',
      'credentials.json',
      'auth.json',
    ];
    for (const path of [...secrets, 'client_secret_1.json', '.ssh/config']) assert.ok(looksSecret(path));
    for (const path of ['README.md', 'secretary.md', 'src/credentials.ts', 'src/auth.ts'])
      assert.ok(!looksSecret(path));
  });
});
