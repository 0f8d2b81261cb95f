import { explain } from '../../core/explain.ts';
import { changePolicy, readPolicies } from '../../core/policies.ts';
import { ruleWords } from '../../core/policy/words.ts';
import { bad, failures, fromIssues, good, type Outcome } from '../../protocol/failure.ts';
import type { ResultOf } from '../../protocol/message.ts';
import { explainPolicy, PolicyRule, type PolicyState } from '../../protocol/policy.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTable, printTrouble, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

/** What a rule is made of on the command line. */
export interface RuleOptions extends CommonOptions {
  readonly tool?: string;
  readonly effect?: string;
  readonly argv?: readonly string[];
  readonly path?: string;
  readonly host?: string;
  readonly target?: string;
  readonly ability?: string;
  readonly here?: boolean;
  readonly why?: string;
}

/** Lists the rules of every file that holds here, and what is wrong in them. */
export function list(options: CommonOptions): Promise<number> {
  return withButler(options, async (butler) => {
    const { states } = await readPolicies(butler);
    if (options.json) for (const state of states) printJson(state);
    else if (states.every(({ rules }) => rules.length === 0)) printLine('No rules but the built-in ones.');
    else printTable(states.flatMap(rowsOf));
    for (const { file, problems } of states) {
      for (const { line, message } of problems) printTrouble(`${file}:${line} ${message}`);
    }
    return states.some(({ problems }) => problems.length > 0) ? exitCodes.failed : exitCodes.done;
  });
}

/** Adds a rule to the person's policy. */
export function add(options: RuleOptions, [decision = '']: readonly string[]): Promise<number> {
  return withButler(options, async (butler, workspace) => {
    const { tool, effect, argv, path, host, target, ability, why, here } = options;
    const given = { decision, tool, effect, argv, path, host, target, ability, why };
    const stated = Object.entries({ ...given, workspace: here ? workspace : undefined });
    const rule = PolicyRule.safeParse(Object.fromEntries(stated.filter(([, value]) => value !== undefined)));
    if (!rule.success) return tellFailure(options, fromIssues(rule.error, 'rule'));
    const changed = await changePolicy(butler, { kind: 'add', rule: rule.data }, actor);
    return tellRules(options, changed, `Added: ${ruleWords(rule.data)}`);
  });
}

/** Takes a rule out of the person's policy, by its number in the list. */
export function remove(options: CommonOptions, [number = '']: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const { states } = await readPolicies(butler);
    const index = Number(number) - 1;
    const rule = states.find(({ source }) => source === 'user')?.rules[index];
    if (!rule) {
      const mend = '"butler policy list" numbers the rules of your policy.';
      return tellFailure(
        options,
        failures.invalid('number', `There is no rule ${number} in your policy.`, mend),
      );
    }
    const changed = await changePolicy(butler, { kind: 'remove', index, rule }, actor);
    return tellRules(options, changed, `Removed: ${ruleWords(rule)}`);
  });
}

/** Takes every rule out of the person's policy. */
export function reset(options: CommonOptions): Promise<number> {
  return withButler(options, async (butler) =>
    tellRules(
      options,
      await changePolicy(butler, { kind: 'reset' }, actor),
      'Your policy holds no rules now; the built-in ones hold.',
    ),
  );
}

/** Says what the policy would decide on a command, or on any call of a tool, and why. */
export function explainCall(
  options: CommonOptions & { tool?: string; input?: string; mode?: string; ability?: string },
  words: readonly string[],
): Promise<number> {
  return withButler(options, async (butler, workspace) => {
    const supposed = supposedBy(options, words);
    if (!supposed.ok) return tellFailure(options, supposed.failure);
    const parsed = explainPolicy.params.safeParse({ ...supposed.value, workspace });
    if (!parsed.success) return tellFailure(options, fromIssues(parsed.error));
    const explained = await explain(butler, parsed.data);
    if (!explained.ok) return tellFailure(options, explained.failure);
    if (options.json) printJson(explained.value);
    else tellDecision(explained.value);
    return exitCodes.done;
  });
}

function rowsOf({ source, rules }: PolicyState): string[][] {
  return rules.map((rule, index) => [
    source === 'user' ? String(index + 1) : '',
    source,
    ruleWords(rule),
    rule.why ?? '',
  ]);
}

function tellRules(
  options: CommonOptions,
  outcome: Outcome<{ states: PolicyState[] }>,
  words: string,
): number {
  if (!outcome.ok) return tellFailure(options, outcome.failure);
  if (options.json) for (const state of outcome.value.states) printJson(state);
  else printLine(words);
  return exitCodes.done;
}

/** A command as the agent would run it, or what the options say. */
function supposedBy(
  { tool, input = '{}', mode, ability }: { tool?: string; input?: string; mode?: string; ability?: string },
  words: readonly string[],
): Outcome<object> {
  const rest = { ...(mode ? { mode } : {}), ...(ability ? { ability } : {}) };
  if (!tool) {
    const command = words.join(' ').trim();
    if (command !== '') return good({ ...rest, tool: 'run_command', input: { command } });
    const mend = 'Give a command, or --tool with --input.';
    return bad(failures.invalid('command', 'There is nothing to explain.', mend));
  }
  try {
    return good({ ...rest, tool, input: JSON.parse(input) as unknown });
  } catch {
    return bad(failures.invalid('input', 'The input is not JSON.', `Give it as --input '{"path":"a.md"}'.`));
  }
}

const decisionWords = { allow: 'Allowed', ask: 'Asked for', deny: 'Denied' } as const;

function tellDecision(explained: ResultOf<typeof explainPolicy>): void {
  const { decision, rule, source, title, weighed } = explained;
  printLine(`${decisionWords[decision]}: ${title}`);
  printLine(`  ${rule} [${source}]`);
  if (explained.protected) printLine('  No mode, grant or "always" changes that.');
  if (weighed.length === 0) return;
  printLine('Weighed:');
  printTable(weighed.map((one) => [`  ${one.decision}`, one.source, effectWords(one.effect), one.rule]));
}

function effectWords(effect: ResultOf<typeof explainPolicy>['effects'][number]): string {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return `${effect.kind} ${effect.shown}`;
    case 'run':
      return `run ${effect.argv.join(' ')}`;
    case 'network':
      return `network ${effect.host}`;
    case 'publish':
    case 'send':
      return `${effect.kind} ${effect.address}`;
    case 'spend':
      return `spend ${effect.amount}`;
    case 'configure':
      return `configure ${effect.what}`;
    case 'ask':
      return 'ask the person';
    case 'mcp':
      return `mcp ${effect.server} ${effect.tool}`;
  }
}
