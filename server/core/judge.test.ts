import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import fc from 'fast-check';
import type { Effect } from '../protocol/effect.ts';
import { canonical } from './canonical.ts';
import type { JobRun } from './jobRun.ts';
import { digestOf } from './judge.ts';
import type { Tool, ToolPlan } from './ports/tool.ts';

const run = {
  job: { ability: 'butler', workspace: '/w' },
  ports: { clock: { digest: (data: string) => hash('sha256', data) } },
} as unknown as JobRun;
const word = fc.string({ maxLength: 6 });
const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ kind: fc.constant('network' as const), host: word }),
  fc.record({ kind: fc.constant('run' as const), argv: fc.array(word), cwd: word, sandboxed: fc.boolean() }),
  fc.record({ kind: fc.constant('send' as const), address: word }),
);
const act = fc.record({
  tool: word,
  input: fc.jsonValue({ maxDepth: 1 }),
  title: word,
  effects: fc.array(effect, { maxLength: 2 }),
  exactly: fc.jsonValue({ maxDepth: 1 }),
});

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

describe('the digest of an approval', () => {
  it('is that of exactly one thing: another tool, input, title, effect or content has another (S6)', () => {
    const digest = ({ tool, input, ...plan }: Act) =>
      digestOf(run, { name: tool } as Tool, input, { ...plan, preview: null } as ToolPlan);
    const near = fc.tuple(act, act, fc.constantFrom('tool', 'input', 'title', 'effects', 'exactly'));
    fc.assert(
      fc.property(near, ([one, other, part]) => {
        const changed = { ...one, [part]: other[part as keyof typeof other] };
        assert.equal(digest(one) === digest(changed), canonical(one) === canonical(changed));
      }),
      { numRuns: 1000 },
    );
  });
});
