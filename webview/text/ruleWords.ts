import { quotedWords } from '../../server/protocol/effectText.ts';
import type { PolicyRule } from '../../server/protocol/policy.ts';
import type { Text } from '../strings.ts';

/** A rule of a policy in words: what it does, then each thing that must fit. */
export function ruleWords(rule: PolicyRule, t: Text): string[] {
  const { decision, tool, effect, argv, path, host, target, ability, workspace, why, ...rest } = rule;
  const unsaid: Readonly<Record<string, never>> = rest;
  return [
    t(`rule.${decision}`),
    ...(argv ? [commandWords(argv, t)] : []),
    ...(tool === undefined ? [] : [t('rule.tool', { pattern: tool })]),
    ...(effect === undefined ? [] : [t('rule.effect', { pattern: t(`effect.${effect}`) })]),
    ...(path === undefined ? [] : [t('rule.path', { pattern: path })]),
    ...(host === undefined ? [] : [t('rule.host', { pattern: host })]),
    ...(target === undefined ? [] : [t('rule.target', { pattern: target })]),
    ability === undefined ? t('rule.anyAbility') : t('rule.ability', { pattern: ability }),
    workspace === undefined ? t('rule.anyWorkspace') : t('rule.workspace', { pattern: workspace }),
    ...(why === undefined ? [] : [t('rule.why', { why })]),
    ...Object.keys(unsaid),
  ];
}

function commandWords(argv: readonly string[], t: Text): string {
  const more = argv.at(-1) === '...';
  const pattern = quotedWords(more ? argv.slice(0, -1) : argv);
  return t(more ? 'rule.argvMore' : 'rule.argv', { pattern });
}
