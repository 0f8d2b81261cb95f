import type { Effect } from '../../protocol/effect.ts';
import type { Mode, PolicyRule, PolicySource } from '../../protocol/policy.ts';
import { type BuiltInRule, defaults, protections } from './builtIn.ts';
import { type Grant, isGranted } from './grants.ts';
import { concerns, type Doer } from './rules.ts';
import { verdictWords } from './words.ts';

/** The rules of one file; `fault` says what is wrong in it: then there may be others. */
export interface PolicyLayer {
  readonly rules: readonly PolicyRule[];
  readonly fault: string | null;
}

/** The rules of every file that holds in a workspace. */
export interface Policies {
  readonly managed: PolicyLayer;
  readonly user: PolicyLayer;
  readonly workspace: PolicyLayer;
}

const noRules: PolicyLayer = { rules: [], fault: null };
/** What holds where no file says anything. */
export const noPolicies: Policies = { managed: noRules, user: noRules, workspace: noRules };

/** What a decision rests on. */
export interface Situation extends Doer {
  readonly mode: Mode;
  readonly trusted: boolean;
  /** Looked at only where they could change something. */
  readonly grants: readonly Grant[];
  readonly policies: Policies;
}

/** The decision with the rule that made it; `protected` ones no mode, rule, grant or flag can widen (SECURITY S1). */
export interface Verdict {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  readonly protected: boolean;
  readonly source: PolicySource;
  /** What it is about; `null` where it is the call as a whole. */
  readonly effect: Effect | null;
}

/**
 * Decides on the effects of one call: the strictest decision over all of them, deny before ask before allow.
 * Pure; an error while deciding denies.
 */
export function decide(effects: readonly Effect[], situation: Situation): Verdict {
  const strictest = weigh(effects, situation).filter(({ decides }) => decides);
  return strictest.reduce<Verdict>((one, { verdict }) => stricter(one, verdict), nothingToDo);
}

/** A verdict on one effect; `decides` unless a stronger one on the same effect takes its place. */
export interface Weighed {
  readonly verdict: Verdict;
  readonly decides: boolean;
}

/** Every rule that concerns the effects, those that do not decide included. */
export function weigh(effects: readonly Effect[], situation: Situation): Weighed[] {
  try {
    if (!situation.trusted) return [{ verdict: untrusted, decides: true }];
    const about: readonly (Effect | null)[] = effects.length > 0 ? effects : [null];
    return about.flatMap((effect) => weighOne(effect, situation));
  } catch {
    return [{ verdict: cannotDecide, decides: true }];
  }
}

/** The strictest that forbids or asks decides; what is only built in gives way to a rule or a grant that allows. */
function weighOne(effect: Effect | null, situation: Situation): Weighed[] {
  const firm = [...protectionsOn(effect, situation.mode), ...fileVerdicts(effect, situation)];
  const tightening = firm.filter(({ decision }) => decision !== 'allow');
  const allowing = firm.filter(({ decision }) => decision === 'allow');
  const usual = usually(effect, situation.mode);
  const granted = usual?.decision === 'ask' ? grantOn(effect, situation) : [];
  const fallback = [...allowing, ...granted, ...(usual ? [usual] : [])];
  const all = [...tightening, ...fallback];
  const decisive = tightening.length > 0 ? tightening.reduce(stricter) : fallback[0];
  return all.map((verdict) => ({ verdict, decides: verdict === decisive }));
}

function protectionsOn(effect: Effect | null, mode: Mode): Verdict[] {
  if (!effect) return [];
  return protections
    .filter((rule) => rule.applies(effect, mode))
    .map((rule) => verdictOf(rule, effect, 'protection'));
}

/** What the files say, the strongest first; what they ask for or deny is firm; that of a workspace only tightens (SECURITY S3). */
function fileVerdicts(effect: Effect | null, situation: Situation): Verdict[] {
  return fileSources.flatMap((source) => {
    const { rules, fault } = situation.policies[source];
    const broken = fault === null ? [] : [faulty(source, fault, effect)];
    const said = rules
      .filter((rule) => source !== 'workspace' || rule.decision !== 'allow')
      .filter((rule) => concerns(rule, effect, situation))
      .map((rule) => {
        const { decision } = rule;
        const isFirm = decision !== 'allow';
        return { decision, rule: verdictWords(rule, source), protected: isFirm, source, effect };
      });
    return [...broken, ...said];
  });
}

const fileSources = ['managed', 'user', 'workspace'] as const;

/** A file that cannot be read may have forbidden anything: the owner's denies, any other asks for everything. */
function faulty(source: 'managed' | 'user' | 'workspace', fault: string, effect: Effect | null): Verdict {
  return source === 'managed'
    ? {
        decision: 'deny',
        rule: `The policy of this machine has a fault, so nothing is allowed: ${fault}`,
        protected: true,
        source,
        effect,
      }
    : {
        decision: 'ask',
        rule: `${source === 'user' ? 'Your policy' : 'The policy of this workspace'} has a fault, so everything is asked for: ${fault}`,
        protected: true,
        source,
        effect,
      };
}

/** What is built in: the first rule that applies. */
function usually(effect: Effect | null, mode: Mode): Verdict | null {
  if (!effect) return null;
  const rule = defaults.find((one) => one.applies(effect, mode));
  return rule ? verdictOf(rule, effect, 'default') : { ...noRule, effect };
}

function grantOn(effect: Effect | null, { grants, tool }: Situation): Verdict[] {
  if (!effect || !isGranted(grants, tool, effect)) return [];
  const rule = 'You allowed this for the whole job.';
  return [{ decision: 'allow', rule, protected: false, source: 'job', effect }];
}

function verdictOf({ decision, rule }: BuiltInRule, effect: Effect, source: PolicySource): Verdict {
  return { decision, rule, protected: source === 'protection', source, effect };
}

const strictness = { allow: 0, ask: 1, deny: 2 } as const;

function stricter(a: Verdict, b: Verdict): Verdict {
  const difference = strictness[b.decision] - strictness[a.decision];
  if (difference !== 0) return difference > 0 ? b : a;
  return (b.protected && !a.protected) || a === nothingToDo ? b : a;
}

const whole = { source: 'default', effect: null } as const;
const nothingToDo: Verdict = { decision: 'allow', rule: 'It changes nothing.', protected: false, ...whole };
const noRule: Verdict = { decision: 'ask', rule: 'No rule covers this.', protected: false, ...whole };
const untrusted: Verdict = {
  decision: 'deny',
  rule: 'Nothing runs in a workspace that is not trusted.',
  protected: true,
  source: 'protection',
  effect: null,
};
/** The verdict where deciding fails. */
export const cannotDecide: Verdict = {
  decision: 'deny',
  rule: 'The policy could not decide, so it denies.',
  protected: true,
  source: 'protection',
  effect: null,
};
