import type { Effect } from '../protocol/effect.ts';
import { isGuarded, looksSecret } from './protections.ts';

/** How much a person wants to be asked. */
export type Mode = 'ask' | 'assisted';

/** What may be done without asking again, given by a person for one job. */
export interface Grant {
  readonly tool: string;
  readonly effects: readonly Effect[];
}

/** What a decision rests on. */
export interface Situation {
  readonly tool: string;
  readonly mode: Mode;
  readonly trusted: boolean;
  readonly grants: readonly Grant[];
}

/** The decision with the rule that made it; `protected` ones no mode, grant or flag can widen (SECURITY S1). */
export interface Verdict {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  readonly protected: boolean;
}

interface Rule {
  readonly decision: Verdict['decision'];
  readonly rule: string;
  readonly protected?: true;
  applies(effect: Effect, situation: Situation): boolean;
}

const untrusted: Verdict = {
  decision: 'deny',
  rule: 'Nothing runs in a workspace that is not trusted.',
  protected: true,
};

/** The built-in rules; for one effect the strictest that applies decides. */
const rules: readonly Rule[] = [
  {
    decision: 'deny',
    rule: 'Files outside the workspace are out of reach.',
    protected: true,
    applies: (effect) => touchesFile(effect) && effect.kind !== 'publish' && effect.place === 'outside',
  },
  {
    decision: 'deny',
    rule: "The butler's own store is out of reach.",
    protected: true,
    applies: (effect) => touchesFile(effect) && effect.place === 'butler' && isAbsolute(effect.shown),
  },
  {
    decision: 'ask',
    rule: 'This file can change what an agent may do or what runs by itself, so it is always asked for.',
    protected: true,
    applies: (effect) => changesFile(effect) && (effect.place === 'butler' || isGuarded(effect.shown)),
  },
  {
    decision: 'ask',
    rule: 'This file looks like it holds secrets.',
    applies: (effect) => effect.kind === 'read' && looksSecret(effect.shown),
  },
  {
    decision: 'allow',
    rule: 'Reading files of the workspace is allowed.',
    applies: (effect) => effect.kind === 'read' && effect.place !== 'outside',
  },
  {
    decision: 'ask',
    rule: 'Changes to files are asked for.',
    applies: (effect, { mode }) =>
      (effect.kind === 'write' || effect.kind === 'delete') && !(mode === 'assisted' && effect.reversible),
  },
  {
    decision: 'allow',
    rule: 'In the assisted mode, changes that can be undone run by themselves.',
    applies: (effect, { mode }) =>
      (effect.kind === 'write' || effect.kind === 'delete') && mode === 'assisted' && effect.reversible,
  },
  {
    decision: 'ask',
    rule: 'Publishing is always asked for.',
    applies: (effect) => effect.kind === 'publish',
  },
  {
    decision: 'ask',
    rule: 'Whatever leaves the workspace, runs a program, costs money or changes settings is asked for.',
    applies: (effect) =>
      effect.kind === 'run' ||
      effect.kind === 'network' ||
      effect.kind === 'send' ||
      effect.kind === 'spend' ||
      effect.kind === 'configure',
  },
];

const nothingToDo: Verdict = { decision: 'allow', rule: 'It changes nothing.', protected: false };
const noRule: Verdict = { decision: 'ask', rule: 'No rule covers this.', protected: false };

/**
 * Decides on the effects of one call: the strictest decision over all of them, deny before ask before allow.
 * Pure; an error while deciding denies.
 */
export function decide(effects: readonly Effect[], situation: Situation): Verdict {
  try {
    if (!situation.trusted) return untrusted;
    return effects.map((effect) => decideOne(effect, situation)).reduce(stricter, nothingToDo);
  } catch {
    return { decision: 'deny', rule: 'The policy could not decide, so it denies.', protected: true };
  }
}

function decideOne(effect: Effect, situation: Situation): Verdict {
  const verdicts = rules.filter((rule) => rule.applies(effect, situation)).map(verdictOf);
  const verdict = verdicts.length > 0 ? verdicts.reduce(stricter) : noRule;
  if (verdict.decision === 'ask' && !verdict.protected && isGranted(effect, situation)) {
    return { decision: 'allow', rule: 'You allowed this for the whole job.', protected: false };
  }
  return verdict;
}

/** A grant covers the same tool doing the same kind of thing in the same place; a secret or an address only itself. */
function isGranted(effect: Effect, { grants, tool }: Situation): boolean {
  return grants.some(
    (grant) => grant.tool === tool && grant.effects.some((granted) => covers(granted, effect)),
  );
}

function covers(granted: Effect, effect: Effect): boolean {
  switch (effect.kind) {
    case 'read':
      return granted.kind === 'read' && granted.path === effect.path;
    case 'write':
    case 'delete':
      return (
        granted.kind === effect.kind &&
        granted.place === effect.place &&
        (effect.reversible || !granted.reversible)
      );
    case 'publish':
      return (
        granted.kind === 'publish' && granted.target === effect.target && granted.address === effect.address
      );
    default:
      return JSON.stringify(granted) === JSON.stringify(effect);
  }
}

const strictness = { allow: 0, ask: 1, deny: 2 } as const;

function stricter(a: Verdict, b: Verdict): Verdict {
  const difference = strictness[b.decision] - strictness[a.decision];
  if (difference !== 0) return difference > 0 ? b : a;
  return b.protected && !a.protected ? b : a === nothingToDo ? b : a;
}

function verdictOf(rule: Rule): Verdict {
  return { decision: rule.decision, rule: rule.rule, protected: rule.protected ?? false };
}

type FileEffect = Extract<Effect, { path: string }>;

function touchesFile(effect: Effect): effect is FileEffect {
  return 'path' in effect;
}

function changesFile(effect: Effect): effect is FileEffect {
  return touchesFile(effect) && effect.kind !== 'read';
}

function isAbsolute(path: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(path);
}
