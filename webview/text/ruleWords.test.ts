import assert from 'node:assert/strict';
import type { PolicyRule } from '../../server/protocol/policy.ts';
import { texts } from '../strings.ts';
import { ruleWords } from './ruleWords.ts';

const t = texts({});

describe('a rule in words', () => {
  it('says what it does and everything that must fit', () => {
    const rule: PolicyRule = {
      ...({ decision: 'allow', tool: 'run_command', effect: 'run' } as const),
      argv: ['npm', 'a b', '...'],
      ...{ path: 'docs/**', host: '*.example.org', target: 'site', ability: 'writer' },
      ...{ workspace: '/project', why: 'It only tells.' },
    };
    assert.deepEqual(ruleWords(rule, t), [
      'Is not asked about any more:',
      'the command npm "a b" with any further arguments',
      'through the tool run_command',
      'what runs something',
      'at the path docs/**',
      'with the host *.example.org',
      'to the target site',
      'by the Ability writer',
      'in the workspace /project',
      'for the reason: It only tells.',
    ]);
  });

  it('says how wide it is where nothing narrows it', () => {
    const words = ruleWords({ decision: 'deny', argv: ['rm'] }, t);
    assert.deepEqual(words, [
      ...['Is always refused:', 'the command rm, word for word', 'by any Ability', 'in any workspace'],
    ]);
  });
});
