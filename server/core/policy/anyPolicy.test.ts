import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Effect } from '../../protocol/effect.ts';
import type { Mode, PolicyRule } from '../../protocol/policy.ts';
import { decide, noPolicies, type Policies, type PolicyLayer, type Situation } from './decide.ts';
import type { Grant } from './grants.ts';

const names = ['a.md', 'b.md', 'docs/a.md', 'docs/b.md', '.env', '.vscode/settings.json', 'DOCS/A.md'];
const shownPath = fc.constantFrom(...names);
const place = fc.constantFrom<'workspace' | 'outside' | 'butler'>(
  ...Array.from({ length: 8 }, () => 'workspace' as const),
  'outside',
  'butler',
);
const word = fc.constantFrom('git', 'status', 'rm', '-rf', 'npm', 'test', '/usr/bin/rm', 'RM.exe');
const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ kind: fc.constant('read' as const), path: shownPath, shown: shownPath, place }),
  fc.record({
    kind: fc.constantFrom('write' as const, 'delete' as const),
    path: shownPath,
    shown: shownPath,
    place,
    reversible: fc.boolean(),
  }),
  fc.record(
    {
      kind: fc.constant('run' as const),
      argv: fc.array(word, { minLength: 1, maxLength: 3 }),
      cwd: fc.constant('/w'),
      sandboxed: fc.boolean(),
      reversible: fc.boolean(),
      unclear: fc.constant('A substitution.'),
    },
    { requiredKeys: ['kind', 'argv', 'cwd'] },
  ),
  fc.record({ kind: fc.constant('network' as const), host: fc.constantFrom('a.example', 'b.example') }),
  fc.constant<Effect>({ kind: 'send', address: 'x' }),
  fc.constant<Effect>({ kind: 'spend', amount: '1' }),
  fc.constant<Effect>({ kind: 'configure', what: 'x' }),
  fc.constant<Effect>({ kind: 'ask', question: 'Which?', choices: [] }),
  fc.constant<Effect>({ kind: 'mcp', server: 's', tool: 't' }),
);
/** Most rules name one thing or two: what names everything concerns nothing, and then no test of it can fail. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const pattern = <T extends string>(...given: T[]) => seldom(fc.constantFrom(...given));
const rule: fc.Arbitrary<PolicyRule> = fc
  .record({
    decision: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const),
    tool: pattern('write_file', '*', 'mcp__*'),
    effect: pattern('read', 'write', 'run', 'network', 'mcp', 'send'),
    argv: seldom(fc.constantFrom(['git', '...'], ['rm', '...'], ['npm', 'test'], ['...'], ['*', '*'])),
    path: pattern('**', 'docs/*', '*.md', '.env'),
    host: pattern('*.example', 'a.example', '**'),
    ability: pattern('butler', '*'),
    workspace: pattern('/w', '/other'),
  })
  .map(
    (one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as PolicyRule,
  );
const empty: PolicyLayer = { rules: [], fault: null };
const some: fc.Arbitrary<PolicyLayer> = fc.record({
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  fault: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, fc.constant('line 3')),
});
const layer = fc.oneof(fc.constant(empty), some);
const policies: fc.Arbitrary<Policies> = fc.record({ managed: layer, user: layer, workspace: layer });
const grants: fc.Arbitrary<Grant[]> = fc.array(
  fc.record({
    tool: fc.constantFrom('write_file', 'mcp__s__t'),
    effects: fc.array(effect, { maxLength: 3 }),
  }),
  { maxLength: 3 },
);
const situation: fc.Arbitrary<Situation> = fc.record({
  tool: fc.constantFrom('write_file', 'mcp__s__t'),
  ability: fc.constant('butler'),
  workspace: fc.constant('/w'),
  mode: fc.constantFrom<Mode>('ask', 'assisted', 'allow'),
  trusted: fc.constant(true),
  grants,
  policies,
});
const effects = fc.oneof(
  effect.map((one) => [one]),
  fc.array(effect, { maxLength: 4 }),
);
const rank = { allow: 0, ask: 1, deny: 2 };
/** The same without what anybody below the built-in rules said. */
const bare = (one: Situation): Situation => ({ ...one, grants: [], policies: noPolicies });

describe('any policy', () => {
  it('is never widened by the file of a workspace (S3)', () => {
    fc.assert(
      fc.property(effects, situation, some, (all, one, workspace) => {
        const under = (own: PolicyLayer) => ({ ...one, policies: { ...one.policies, workspace: own } });
        assert.ok(rank[decide(all, under(workspace)).decision] >= rank[decide(all, under(empty)).decision]);
      }),
      { numRuns: 3000 },
    );
  });

  it('never lets a mode, rule or grant widen what a protection asks for or denies (S1)', () => {
    fc.assert(
      fc.property(effects, situation, (all, one) => {
        const firm = decide(all, bare(one));
        if (!firm.protected) return;
        const verdict = decide(all, one);
        assert.ok(rank[verdict.decision] >= rank[firm.decision]);
        assert.ok(verdict.protected);
      }),
      { numRuns: 2000 },
    );
  });

  it('lets nobody below widen what the owner of the machine, or the person, asks for or denies', () => {
    fc.assert(
      fc.property(effects, situation, (all, one) => {
        const { managed, user } = one.policies;
        for (const above of [
          { ...noPolicies, managed },
          { ...noPolicies, user },
        ]) {
          const firm = decide(all, { ...bare(one), policies: above });
          if (firm.source !== 'managed' && firm.source !== 'user') continue;
          if (firm.decision === 'allow') continue;
          assert.ok(rank[decide(all, one).decision] >= rank[firm.decision]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('puts deny before ask before allow, in whatever order the rules stand', () => {
    fc.assert(
      fc.property(effects, situation, fc.nat(), (all, one, seed) => {
        const turned = (some: PolicyLayer): PolicyLayer => {
          const at = some.rules.length === 0 ? 0 : seed % some.rules.length;
          return { ...some, rules: [...some.rules.slice(at), ...some.rules.slice(0, at)].toReversed() };
        };
        const { managed, user, workspace } = one.policies;
        const other = { managed: turned(managed), user: turned(user), workspace: turned(workspace) };
        assert.equal(decide(all, { ...one, policies: other }).decision, decide(all, one).decision);
      }),
      { numRuns: 1000 },
    );
  });

  it('is never less strict about more effects', () => {
    fc.assert(
      fc.property(effects, effect, situation, (all, more, one) => {
        if (all.length === 0) return;
        assert.ok(rank[decide([...all, more], one).decision] >= rank[decide(all, one).decision]);
      }),
      { numRuns: 1000 },
    );
  });

  it('never lets an agent go on where a question is put to the person, or a command is not held or not understood', () => {
    fc.assert(
      fc.property(effects, situation, (all, one) => {
        const mustAsk = all.some(
          (some) =>
            some.kind === 'ask' ||
            some.kind === 'configure' ||
            (some.kind === 'run' && (some.unclear !== undefined || some.sandboxed !== true)),
        );
        if (mustAsk) assert.notEqual(decide(all, one).decision, 'allow');
      }),
      { numRuns: 2000 },
    );
  });

  it('denies everything where the file of the owner has a fault, and asks for everything where another has', () => {
    fc.assert(
      fc.property(effects, situation, (all, one) => {
        const faulty = { rules: [], fault: 'line 1' };
        const managed = { ...one, policies: { ...one.policies, managed: faulty } };
        assert.equal(decide(all, managed).decision, 'deny');
        for (const source of ['user', 'workspace'] as const) {
          const other = { ...one, policies: { ...one.policies, [source]: faulty } };
          assert.notEqual(decide(all, other).decision, 'allow');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('denies where it cannot decide', () => {
    const broken = {
      get rules(): never {
        throw new Error('no');
      },
      fault: null,
    };
    fc.assert(
      fc.property(effects, situation, (all, one) => {
        const worse = { ...one, policies: { ...one.policies, user: broken } };
        assert.equal(decide(all, worse).decision, 'deny');
      }),
      { numRuns: 50 },
    );
  });
});
