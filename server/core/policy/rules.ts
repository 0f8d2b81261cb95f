import type { Effect } from '../../protocol/effect.ts';
import type { PolicyRule } from '../../protocol/policy.ts';
import { partsFit, rowFits, wordFits } from './glob.ts';
import { fold, looksSecret } from './protections.ts';

/** Who does what where, as far as a rule can ask. */
export interface Doer {
  readonly tool: string;
  readonly ability: string;
  /** Absolute real path of the workspace folder. */
  readonly workspace: string;
}

/**
 * Whether a rule concerns an effect; `null` stands for a call without any. Where a rule allows, names fit letter by
 * letter and a program must be wholly understood; where it asks or denies, other spellings of the same fit as well.
 */
export function concerns(rule: PolicyRule, effect: Effect | null, doer: Doer): boolean {
  const strict = rule.decision === 'allow';
  return (
    (!strict || namesIt(rule, effect)) &&
    fitsWord(rule.tool, doer.tool) &&
    fitsWord(rule.ability, doer.ability) &&
    fitsPath(rule.workspace, doer.workspace, strict) &&
    (rule.effect === undefined || rule.effect === effect?.kind) &&
    (rule.argv === undefined || fitsProgram(rule.argv, effect, strict)) &&
    (rule.path === undefined || pathsOf(effect, strict).some((one) => fitsPath(rule.path, one, strict))) &&
    (rule.host === undefined || fitsHost(rule.host, effect, strict)) &&
    (rule.target === undefined || (effect?.kind === 'publish' && wordFits(rule.target, effect.target)))
  );
}

/** What leaves the machine, costs money or gives away secrets is allowed only by a rule that speaks of just that. */
function namesIt({ effect: kind, host, target, path, tool }: PolicyRule, effect: Effect | null): boolean {
  switch (effect?.kind) {
    case 'network':
      return host !== undefined;
    case 'publish':
      return effect.place === 'outside'
        ? target !== undefined && path !== undefined
        : target !== undefined || kind !== undefined;
    case 'send':
    case 'spend':
      return kind !== undefined;
    case 'mcp':
      return tool !== undefined;
    case 'read':
      return path !== undefined || ![effect.shown, effect.named ?? ''].some(looksSecret);
    default:
      return true;
  }
}

function fitsWord(pattern: string | undefined, word: string): boolean {
  return pattern === undefined || wordFits(pattern, word);
}

function fitsPath(pattern: string | undefined, path: string, strict: boolean): boolean {
  if (pattern === undefined) return true;
  const one = pattern.replace(/^\.\//, '');
  return partsFit(one, path, '/') || (!strict && partsFit(fold(one), fold(path), '/'));
}

/** A port belongs to the name where a rule allows; where it asks or denies, every port of the host is meant. */
function fitsHost(pattern: string, effect: Effect | null, strict: boolean): boolean {
  if (effect?.kind !== 'network') return false;
  const [one, host] = [hostname(pattern), hostname(effect.host)];
  return partsFit(one, host, '.') || (!strict && partsFit(one, hostname(host.replace(/:\d+$/, '')), '.'));
}

function fitsProgram(patterns: readonly string[], effect: Effect | null, strict: boolean): boolean {
  if (effect?.kind !== 'run') return false;
  if (strict) return effect.unclear === undefined && rowFits(patterns, effect.argv);
  const [program = '', ...words] = effect.argv;
  return (
    rowFits(patterns, effect.argv) ||
    rowFits(patterns.with(0, fold(patterns[0] ?? '')), [plainName(program), ...words])
  );
}

/** The path of a file that an effect touches, relative to the workspace where it is inside; strictly its own only. */
function pathsOf(effect: Effect | null, strict: boolean): string[] {
  if (!effect || !('shown' in effect)) return [];
  return strict || effect.named === undefined ? [effect.shown] : [effect.shown, effect.named];
}

/** A program without its folder and ending, as one calls it. */
function plainName(program: string): string {
  const name = fold(program).split('/').at(-1) ?? '';
  return name.replace(/\.(exe|cmd|bat|com|ps1)$/, '');
}

function hostname(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
