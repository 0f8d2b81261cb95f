import assert from 'node:assert/strict';
import type { Effect } from '../../protocol/effect.ts';
import type { PolicyRule } from '../../protocol/policy.ts';
import { decide, noPolicies, type Situation } from './decide.ts';

const run = (change: object): Effect => ({
  ...{ kind: 'run', argv: ['frobnicate', 'all'], cwd: '/workspace', sandboxed: true, reversible: true },
  ...change,
});

const situation = (mode: Situation['mode'], rules: PolicyRule[] = []): Situation => ({
  ...{ tool: 'run_command', ability: 'butler', workspace: '/workspace', trusted: true, grants: [], mode },
  policies: { ...noPolicies, user: { rules, fault: null } },
});

describe('a program that nobody described', () => {
  const unknown = run({ known: false });

  it('is asked for in every mode, though a sandbox holds it', () => {
    for (const mode of ['ask', 'assisted', 'allow'] as const) {
      assert.equal(decide([unknown], situation(mode)).decision, 'ask', mode);
    }
    assert.equal(decide([run({})], situation('allow')).decision, 'allow');
  });

  it('may be covered by a rule of the person, and by what was allowed for the job', () => {
    const rule: PolicyRule = { decision: 'allow', argv: ['frobnicate', '...'] };
    assert.equal(decide([unknown], situation('ask', [rule])).decision, 'allow');
    const granted = { ...situation('allow'), grants: [{ tool: 'run_command', effects: [unknown] }] };
    assert.equal(decide([unknown], granted).decision, 'allow');
    assert.equal(decide([unknown], situation('ask')).protected, false);
  });

  it('is covered by nothing where more of it is not understood, or nothing holds it', () => {
    const rule: PolicyRule = { decision: 'allow', argv: ['frobnicate', '...'] };
    for (const change of [{ unclear: 'It uses a variable.' }, { sandboxed: false }]) {
      assert.equal(decide([run({ known: false, ...change })], situation('allow', [rule])).decision, 'ask');
    }
  });
});
