import * as z from 'zod';
import { Limits } from './cost.ts';
import { Id, Nothing, request, Time } from './message.ts';
import { ModelChoice } from './provider.ts';

/** What a job of an Ability delivers; any other lower-case word names a custom type. */
export const DeliverableType = z
  .string()
  .max(32)
  .regex(/^[a-z][a-z0-9-]*$/, 'must be a lower-case word such as website or document');
/** The deliverable types that the product knows by itself. */
export const deliverableTypes = ['code', 'website', 'video', 'document', 'image', 'audio'] as const;

/** The specialists that come with the product (SPEC C3); the last one does what no other is for. */
export const builtInAgents = [
  'project',
  'knowledge',
  'task',
  'calendar',
  'email',
  'analytics',
  'general',
] as const;

/** Where a deliverable goes: a target's name and what that target's own schema wants to know. */
export const TargetChoice = z.strictObject({
  type: z.string().min(1).max(32),
  config: z.record(z.string(), z.json()).default({}),
});
export type TargetChoice = z.infer<typeof TargetChoice>;

/** What a person decides about an Ability (SPEC A1). */
export const AbilityDraft = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(80),
  description: z.string().max(500).default(''),
  provider: z.string().min(1).max(64).default('offline'),
  model: z.string().max(128).default(''),
  deliverable: DeliverableType.default('document'),
  target: TargetChoice.default({ type: 'local', config: {} }),
  prompt: z.string().max(20_000).default(''),
  /** The tools that it may use, `*` for any characters; absent: those built in, and those of approved MCP servers. */
  tools: z.array(z.string().max(64)).max(64).optional(),
  /** Where to go on when its provider does not answer; absent means the chain of the settings. */
  fallbacks: z.array(ModelChoice).max(8).optional(),
  /** Specialists that a job may be routed to: `builtInAgents` or Abilities by id; none means that it does all itself. */
  agents: z.array(z.string().max(64)).max(32).optional(),
  /** An external agent that does the work in place of our own loop. */
  runtime: z.string().max(64).optional(),
  /** Limits of a job, where they are tighter than those of the settings. */
  limits: Limits.partial().optional(),
});
export type AbilityDraft = z.infer<typeof AbilityDraft>;

const { name, description, provider, model, deliverable, target, prompt, ...optional } = AbilityDraft.shape;

/** Some fields of an Ability to change; what is absent stays as it is, so no field has a default here. */
export const AbilityChange = z
  .strictObject({
    name,
    description: description.removeDefault(),
    provider: provider.removeDefault(),
    model: model.removeDefault(),
    deliverable: deliverable.removeDefault(),
    target: target.removeDefault(),
    prompt: prompt.removeDefault(),
    ...optional,
  })
  .partial();
export type AbilityChange = z.infer<typeof AbilityChange>;

/** Where an Ability is kept: shipped with the product, in the user's store, or in the workspace's file. */
export const AbilityOrigin = z.enum(['builtin', 'user', 'workspace']);

/** An Ability as every surface sees it (SPEC A1). */
export const Ability = z.strictObject({
  ...AbilityDraft.shape,
  id: Id,
  origin: AbilityOrigin,
  /** The folder whose `.butler/abilities.json` holds it, for `workspace` ones. */
  workspace: z.string().optional(),
  created: Time,
  updated: Time,
});
export type Ability = z.infer<typeof Ability>;

/** The file that a team commits: `.butler/abilities.json`. */
export const AbilitiesFile = z.strictObject({
  $schema: z.string().optional(),
  abilities: z.array(z.strictObject({ id: Id, ...AbilityDraft.shape })).max(500),
});
export type AbilitiesFile = z.infer<typeof AbilitiesFile>;

/** A fault in a workspace's Abilities file, at a line that an editor can show. */
export const AbilityProblem = z.strictObject({
  file: z.string(),
  line: z.int().positive(),
  message: z.string(),
});
export type AbilityProblem = z.infer<typeof AbilityProblem>;

export const listAbilities = request('butler/ability/list', {
  from: 'client',
  page: true,
  does: 'Lists the Abilities of the user and of the open workspaces, and what is wrong in their files.',
  params: Nothing,
  result: z.strictObject({ abilities: z.array(Ability), problems: z.array(AbilityProblem) }),
});

export const readAbility = request('butler/ability/read', {
  from: 'client',
  page: true,
  does: 'Reads one Ability.',
  params: z.strictObject({ id: Id }),
  result: Ability,
});

export const createAbility = request('butler/ability/create', {
  from: 'client',
  page: false,
  does: 'Creates an Ability in the user store, or in the file of a workspace folder.',
  params: z.strictObject({ draft: AbilityDraft, workspace: z.string().optional() }),
  result: Ability,
});

export const updateAbility = request('butler/ability/update', {
  from: 'client',
  page: false,
  does: 'Changes fields of an Ability where it is kept.',
  params: z.strictObject({ id: Id, change: AbilityChange }),
  result: Ability,
});

export const deleteAbility = request('butler/ability/delete', {
  from: 'client',
  page: false,
  does: 'Deletes an Ability; its sessions and deliverables stay.',
  params: z.strictObject({ id: Id }),
  result: Nothing,
});

export const abilityMessages = [listAbilities, readAbility, createAbility, updateAbility, deleteAbility];
