import type { PolicyRule, PolicySource } from '../../protocol/policy.ts';

/** A rule in one line, as `allow · run npm test …`. */
export function ruleWords({ decision, why: _, ...patterns }: PolicyRule): string {
  const { argv, ...rest } = patterns;
  const named = Object.entries(rest).flatMap(([name, pattern]) => (pattern ? [`${name} ${pattern}`] : []));
  const run = argv ? [`run ${argv.map(quoted).join(' ')}`] : [];
  return [decision, ...run, ...named].join(' · ');
}

/** What a person is told where the rule of a file decides: whose it is comes before what its owner wrote. */
export function verdictWords(rule: PolicyRule, source: PolicySource): string {
  const why = rule.why?.replace(/\s+/g, ' ').trim();
  return `${ownerWords[source]}: ${ruleWords(rule)}${why ? ` — ${why}` : ''}`;
}

const ownerWords: Readonly<Record<PolicySource, string>> = {
  protection: 'Built in',
  managed: 'Policy of this machine',
  user: 'Your policy',
  workspace: 'Policy of this workspace',
  default: 'Built in',
  job: 'This job',
};

function quoted(word: string): string {
  if (word === '...') return '…';
  return /^[\w@%+=:,./*-]+$/.test(word) ? word : JSON.stringify(word);
}
