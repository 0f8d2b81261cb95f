import * as z from 'zod';
import { Effect, effectKinds } from './effect.ts';
import { Nothing, notification, request } from './message.ts';

/**
 * How much a person wants to be asked: about everything that changes something; only about what no sandbox holds
 * or nothing takes back; or, for one job, only about what a rule or a protection asks for.
 */
export const Mode = z.enum(['ask', 'assisted', 'allow']);
export type Mode = z.infer<typeof Mode>;

/** `*` stands for any characters within a word, a path part or a host's label; `**` for any path parts. */
const Pattern = z.string().min(1, 'must not be empty').max(500);

/** One rule of a policy (SPEC B8): it concerns what fits all of its patterns, and needs at least one of them. */
export const PolicyRule = z
  .strictObject({
    decision: z.enum(['allow', 'ask', 'deny']),
    /** The tool's name. */
    tool: Pattern.optional(),
    effect: z.enum(effectKinds).optional(),
    /** A program and its arguments, a pattern each; a last `...` stands for any further arguments. */
    argv: z.array(Pattern).min(1).max(64).optional(),
    /** A path relative to the workspace folder, with `/` between names. */
    path: Pattern.optional(),
    host: Pattern.optional(),
    /** A target's name. */
    target: Pattern.optional(),
    /** An Ability's id. */
    ability: Pattern.optional(),
    /** The workspace folder by its absolute real path, with `/` between names. */
    workspace: Pattern.optional(),
    /** What a person is told where the rule decides. */
    why: z.string().max(300).optional(),
  })
  .refine(({ decision: _, why: __, ...patterns }) => Object.values(patterns).some(Boolean), {
    message: 'must name at least one of tool, effect, argv, path, host, target, ability, workspace',
  });
export type PolicyRule = z.infer<typeof PolicyRule>;

/** The file that holds rules: of the machine's owner, of the person, or of a workspace (which may only tighten). */
export const PolicyFile = z.strictObject({
  $schema: z.string().optional(),
  rules: z.array(PolicyRule).max(1000),
});
export type PolicyFile = z.infer<typeof PolicyFile>;

/** Where a rule comes from, the strongest first. */
export const PolicySource = z.enum(['protection', 'managed', 'user', 'workspace', 'default', 'job']);
export type PolicySource = z.infer<typeof PolicySource>;

/** The rules of one file as they stand, and what is wrong in it. */
export const PolicyState = z.strictObject({
  source: z.enum(['managed', 'user', 'workspace']),
  file: z.string(),
  /** Whether the file is there. */
  exists: z.boolean(),
  rules: z.array(PolicyRule),
  /** A fault makes everything of its scope be asked for, or denied where the owner's file has it. */
  problems: z.array(z.strictObject({ line: z.int().positive(), message: z.string() })),
});
export type PolicyState = z.infer<typeof PolicyState>;

export const readPolicy = request('butler/policy/read', {
  from: 'client',
  page: false,
  does: 'Reads every policy file that holds here: of the machine, of the person, of the workspace folders.',
  params: Nothing,
  result: z.strictObject({ states: z.array(PolicyState) }),
});

export const addPolicyRule = request('butler/policy/add', {
  from: 'client',
  page: false,
  does: "Adds a rule to the person's policy.",
  params: z.strictObject({ rule: PolicyRule }),
  result: z.strictObject({ states: z.array(PolicyState) }),
});

export const removePolicyRule = request('butler/policy/remove', {
  from: 'client',
  page: false,
  does: "Removes a rule of the person's policy, by its place from 0 and what it is.",
  params: z.strictObject({ index: z.int().nonnegative(), rule: PolicyRule }),
  result: z.strictObject({ states: z.array(PolicyState) }),
});

export const resetPolicy = request('butler/policy/reset', {
  from: 'client',
  page: false,
  does: "Takes every rule out of the person's policy, so that the built-in ones hold.",
  params: Nothing,
  result: z.strictObject({ states: z.array(PolicyState) }),
});

export const explainPolicy = request('butler/policy/explain', {
  from: 'client',
  page: false,
  does: 'Says what the policy would decide, and every rule that was weighed; nothing is done.',
  params: z.strictObject({
    workspace: z.string().optional(),
    ability: z.string().optional(),
    mode: Mode.default('ask'),
    /** What would be done: a call of a tool as the agent would make it. */
    tool: z.string(),
    input: z.unknown(),
  }),
  result: z.strictObject({
    decision: z.enum(['allow', 'ask', 'deny']),
    rule: z.string(),
    protected: z.boolean(),
    source: PolicySource,
    title: z.string(),
    effects: z.array(Effect),
    weighed: z.array(
      z.strictObject({
        effect: Effect,
        decision: z.enum(['allow', 'ask', 'deny']),
        rule: z.string(),
        source: PolicySource,
      }),
    ),
  }),
});

export const policyChanged = notification('butler/policy/changed', {
  from: 'worker',
  page: true,
  does: 'A policy file or its faults changed.',
  params: Nothing,
});

export const policyMessages = [
  readPolicy,
  addPolicyRule,
  removePolicyRule,
  resetPolicy,
  explainPolicy,
  policyChanged,
];
