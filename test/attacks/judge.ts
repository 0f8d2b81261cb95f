import { decide, noPolicies, type Verdict } from '../../server/core/policy/decide.ts';
import type { Effect } from '../../server/protocol/effect.ts';

/** What the policy says in the widest mode, with no rule of anybody: what an attacker finds who is lucky. */
export function judgeWidest(tool: string, effects: readonly Effect[]): Verdict {
  return decide(effects, {
    tool,
    ability: 'butler',
    workspace: '/workspace',
    mode: 'allow',
    trusted: true,
    grants: [],
    policies: noPolicies,
  });
}
