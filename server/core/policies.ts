import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import { adminStream } from '../protocol/journal.ts';
import type { PolicyRule, PolicyState } from '../protocol/policy.ts';
import { canonical } from './canonical.ts';
import type { PolicyChange, PolicyFiles } from './ports/policyFiles.ts';
import type { Draft, Store } from './ports/store.ts';

/** What changing the person's policy needs from outside core. */
export interface PolicyPorts {
  readonly store: Store;
  readonly policyFiles: PolicyFiles;
}

/** Every file as it stands. */
export type PolicyStates = { readonly states: PolicyState[] };

/** The rules as they stand in every file. */
export async function readPolicies({ policyFiles }: Pick<PolicyPorts, 'policyFiles'>): Promise<PolicyStates> {
  return { states: [...(await policyFiles.states())] };
}

/**
 * Changes the person's policy. What is done is noted first: a change that cannot be noted is not made, and one that
 * cannot be made is noted as taken back (SECURITY S16).
 */
export async function changePolicy(
  ports: PolicyPorts,
  change: PolicyChange,
  actor: string,
): Promise<Outcome<PolicyStates>> {
  const fault = await whyNot(ports.policyFiles, change);
  if (fault) return fault;
  const noted = await ports.store.append([noteOf(change, actor)]);
  if (!noted.ok) return noted;
  const changed = await ports.policyFiles.change(change);
  if (!changed.ok) {
    if (change.kind !== 'reset') await ports.store.append([noteOf(opposite(change), actor)]);
    return changed;
  }
  return good(await readPolicies(ports));
}

/** Adds a rule for what follows, `work`; where that fails, the rule is taken away again unless it stood before. */
export async function withRule<T>(
  ports: PolicyPorts,
  rule: PolicyRule,
  actor: string,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (await hasRule(ports.policyFiles, rule)) return work();
  const added = await changePolicy(ports, { kind: 'add', rule }, actor);
  if (!added.ok) return added;
  const done = await work();
  if (!done.ok) {
    const rules = (await ownState(ports.policyFiles))?.rules ?? [];
    const index = rules.findLastIndex((one) => canonical(one) === canonical(rule));
    if (index >= 0) await changePolicy(ports, { kind: 'remove', index, rule }, actor);
  }
  return done;
}

function noteOf(change: PolicyChange, actor: string): Draft {
  const words = { add: 'added', remove: 'removed', reset: 'reset' } as const;
  return {
    stream: adminStream,
    type: 'policy.changed',
    actor,
    data: { change: words[change.kind], ...(change.kind === 'reset' ? {} : { rule: change.rule }) },
  };
}

function opposite(change: Exclude<PolicyChange, { kind: 'reset' }>): PolicyChange {
  return change.kind === 'add'
    ? { kind: 'remove', index: 0, rule: change.rule }
    : { kind: 'add', rule: change.rule };
}

async function whyNot(files: PolicyFiles, change: PolicyChange): Promise<Outcome<never> | null> {
  const own = await ownState(files);
  const problem = own?.problems[0];
  if (own && problem && change.kind !== 'reset') {
    const what = `Your policy has a fault in line ${problem.line}: ${problem.message}`;
    const mend = 'Mend the file first, or reset it; nothing was changed.';
    return bad(failures.invalid(`${own.file}:${problem.line}`, what, mend));
  }
  if (change.kind === 'remove' && canonical(own?.rules[change.index]) !== canonical(change.rule)) {
    return bad(failures.conflict('This rule stands there no more.', 'List the rules again, then choose.'));
  }
  return null;
}

async function hasRule(files: PolicyFiles, rule: PolicyRule): Promise<boolean> {
  const own = await ownState(files);
  return own?.rules.some((one) => canonical(one) === canonical(rule)) ?? false;
}

async function ownState(files: PolicyFiles): Promise<PolicyState | undefined> {
  return (await files.states()).find(({ source }) => source === 'user');
}
