import * as z from 'zod';
import { Id, Nothing, request } from './message.ts';

/** One part of a message (SPEC A2: text or structured). */
export const Part = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({
    kind: z.literal('thinking'),
    text: z.string(),
    /** What the provider wants back with it, opaque. */
    signature: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('call'),
    /** Unique within its job. */
    call: z.string(),
    tool: z.string(),
    input: z.unknown(),
  }),
]);
export type Part = z.infer<typeof Part>;
export type CallPart = Extract<Part, { kind: 'call' }>;

export const StopReason = z.enum(['end', 'calls', 'length', 'refused']);
export type StopReason = z.infer<typeof StopReason>;

/** Tokens as the provider counted them. */
export const Usage = z.strictObject({
  input: z.int().nonnegative(),
  output: z.int().nonnegative(),
  cacheRead: z.int().nonnegative().default(0),
  cacheWrite: z.int().nonnegative().default(0),
});
export type Usage = z.infer<typeof Usage>;

/** A provider as a person chooses it. */
export const ProviderInfo = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** One sentence. */
  about: z.string(),
  /** Whether it needs an API key, and whether there is one. */
  key: z.enum(['none', 'set', 'missing']),
  models: z.array(z.string()),
});
export type ProviderInfo = z.infer<typeof ProviderInfo>;

export const listProviders = request('butler/provider/list', {
  from: 'client',
  page: true,
  does: 'Lists the providers and whether each is ready to use.',
  params: Nothing,
  result: z.strictObject({ providers: z.array(ProviderInfo) }),
});

/** A target as a person chooses it. */
export const TargetInfo = z.strictObject({
  name: z.string(),
  title: z.string(),
  about: z.string(),
  /** JSON Schema of its config, with a title and description for each field. */
  config: z.unknown(),
});
export type TargetInfo = z.infer<typeof TargetInfo>;

export const listTargets = request('butler/target/list', {
  from: 'client',
  page: true,
  does: 'Lists the targets and what each wants to know.',
  params: Nothing,
  result: z.strictObject({ targets: z.array(TargetInfo) }),
});

export const setSecret = request('butler/secret/set', {
  from: 'client',
  page: false,
  does: 'Keeps the API key of a provider in the safest place there is, or removes it when empty.',
  params: z.strictObject({ provider: Id, value: z.string().max(4096) }),
  result: z.strictObject({ where: z.string() }),
});

export const providerMessages = [listProviders, listTargets, setSecret];
