import type { Effect } from '../../protocol/effect.ts';
import type { PolicyRule } from '../../protocol/policy.ts';
import { decide, noPolicies, weigh } from './decide.ts';
import type { Doer } from './rules.ts';

/** What to keep of a program so that a rule covers it and nothing that does more; its words where nothing may vary. */
export type ArgvPattern = (argv: readonly string[]) => readonly string[];

/**
 * The one rule that would let the like go on without a question, in this workspace only; `null` where there is no
 * safe one. A function of what would be done alone, so that whoever approves the digest approves the rule too.
 */
export function alwaysRule(effects: readonly Effect[], doer: Doer, pattern: ArgvPattern): PolicyRule | null {
  const situation = { ...doer, mode: 'ask', trusted: true, grants: [], policies: noPolicies } as const;
  const asked = weigh(effects, situation)
    .filter(({ decides, verdict }) => decides && verdict.decision !== 'allow')
    .map(({ verdict }) => verdict);
  const [first] = asked;
  if (!first?.effect || asked.some(({ source }) => source !== 'default')) return null;
  const rule = ruleFor(first.effect, doer, pattern);
  if (!rule) return null;
  const policies = { ...noPolicies, user: { rules: [rule], fault: null } };
  return decide(effects, { ...situation, policies }).decision === 'allow' ? rule : null;
}

function ruleFor(effect: Effect, { tool, workspace }: Doer, pattern: ArgvPattern): PolicyRule | null {
  const named = namedBy(effect, pattern);
  if (!named) return null;
  if (![tool, workspace].every(isPlain)) return null;
  return { decision: 'allow', tool, effect: effect.kind, ...named, workspace };
}

/** Exactly what an effect is about; nothing for what is asked for each time, or cannot be said in a pattern. */
function namedBy(effect: Effect, pattern: ArgvPattern): Partial<PolicyRule> | null {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return isPlain(effect.shown) ? { path: effect.shown } : null;
    case 'network':
      return isPlain(effect.host) ? { host: effect.host } : null;
    case 'run': {
      const isSayable = effect.argv.length > 0 && effect.argv.every(isWord);
      const argv = isSayable ? [...pattern(effect.argv)] : [];
      return argv.length > 0 && argv.length <= 64 ? { argv } : null;
    }
    case 'mcp':
      return effect.tool === resources ? null : {};
    default:
      return null;
  }
}

/** What one tool does with every server, so that a rule for that tool would be for all of them. */
const resources = 'resources/read';

/** Whether a text stands for itself alone in a pattern. */
function isPlain(text: string): boolean {
  return text.length > 0 && text.length <= 500 && !text.includes('*');
}

function isWord(word: string): boolean {
  return isPlain(word) && word !== '...';
}
