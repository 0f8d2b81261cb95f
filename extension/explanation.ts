import { effectObject } from '../server/protocol/effectText.ts';
import type { ResultOf } from '../server/protocol/message.ts';
import type { explainPolicy, Mode } from '../server/protocol/policy.ts';
import { revealed } from '../server/protocol/reveal.ts';
import type { Translate } from './translate.ts';

export type Explained = ResultOf<typeof explainPolicy>;

/** What the policy decides about one command, by mode. */
export type ByMode = readonly (readonly [mode: Mode, explained: Explained])[];

/** Says in words what the policy decides about a command in each mode, and every rule that was weighed. */
export function explanationText(command: string, byMode: ByMode, t: Translate): string {
  const modes = { ask: t('Ask'), assisted: t('Assisted'), allow: t('Allow for this job') };
  const head = [
    t('What the policy decides about this command. Nothing was done.'),
    '',
    indented(command),
    '',
  ];
  const parts = byMode.flatMap(([mode, explained]) => {
    const { decision, rule, source, protected: guarded, weighed } = explained;
    const always = guarded ? [`  ${t('A built-in protection: no mode and no rule widens it.')}`] : [];
    return [
      `${modes[mode]}: ${decisionWords(decision, t)}`,
      `  ${t('because of: {0} ({1})', revealed(rule), sourceWords(source, t))}`,
      ...always,
      ...weighedLines(weighed, t),
      '',
    ];
  });
  return [...head, ...parts].join('\n');
}

/** Each effect with the rules that were weighed for it below. */
function weighedLines(weighed: Explained['weighed'], t: Translate): string[] {
  const byEffect = Map.groupBy(weighed, ({ effect }) => `${effect.kind} ${revealed(effectObject(effect))}`);
  return [...byEffect].flatMap(([effect, rules]) => [
    `  - ${effect}`,
    ...rules.map(
      ({ decision, rule, source }) =>
        `      ${decisionWords(decision, t)}: ${revealed(rule)} (${sourceWords(source, t)})`,
    ),
  ]);
}

function decisionWords(decision: Explained['decision'], t: Translate): string {
  const words = { allow: () => t('runs by itself'), ask: () => t('asks'), deny: () => t('is refused') };
  return words[decision]();
}

function sourceWords(source: Explained['source'], t: Translate): string {
  const words = {
    protection: () => t('built-in protection'),
    managed: () => t('policy of this machine'),
    user: () => t('your policy'),
    workspace: () => t('policy of the workspace'),
    default: () => t('built-in rule of the mode'),
    job: () => t('said for this job'),
  };
  return words[source]();
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${revealed(line)}`)
    .join('\n');
}
