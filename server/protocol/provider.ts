import * as z from 'zod';
import { Connection } from './connection.ts';
import { Failure } from './failure.ts';
import { Digest, Id, Nothing, notification, request } from './message.ts';

/** One part of a message (SPEC A2: text or structured). */
export const Part = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    text: z.string(),
    /** What the provider calls it among the words of an answer, and wants back with it: a note on the way, or the end. */
    phase: z.enum(['commentary', 'final_answer']).optional(),
  }),
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

/** An image that a person handed over; its bytes are the blob of the digest. */
export const Image = z.strictObject({
  digest: Digest,
  type: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  width: z.int().positive(),
  height: z.int().positive(),
});
export type Image = z.infer<typeof Image>;

/** Why an answer ended; `unfinished`: it says why what was asked is not done. */
export const StopReason = z.enum(['end', 'calls', 'length', 'refused', 'unfinished']);
export type StopReason = z.infer<typeof StopReason>;

/** Tokens as the provider counted them. */
export const Usage = z.strictObject({
  input: z.int().nonnegative(),
  output: z.int().nonnegative(),
  cacheRead: z.int().nonnegative().default(0),
  cacheWrite: z.int().nonnegative().default(0),
  /** Present where the service counted nothing, and these are an estimate by the sizes of what was asked and said. */
  estimated: z.literal(true).optional(),
});
export type Usage = z.infer<typeof Usage>;

/** Every kind of provider there is an adapter for. */
export const ProviderKind = z.enum([
  'offline',
  'anthropic',
  'openai',
  'google',
  'mistral',
  'groq',
  'ollama',
  'compatible',
  'editor',
]);
export type ProviderKind = z.infer<typeof ProviderKind>;

/** A provider as a person set it up; its key is a secret of the same name and stands nowhere else. */
export const ProviderConfig = z.strictObject({
  /** What Abilities name it by; that of its kind, or a word of the person's. */
  name: Id,
  kind: ProviderKind,
  title: z.string().trim().min(1).max(80).optional(),
  /** Another address than the public one; an OpenAI-compatible service has no other. */
  baseUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  /** The model that is taken where an Ability names none. */
  model: z.string().max(128).optional(),
  /** Seconds without a word after which a request is given up. */
  timeLimit: z.int().min(1).max(3600).optional(),
});
export type ProviderConfig = z.infer<typeof ProviderConfig>;

/** A model of a provider; an empty model means the one that the provider takes by itself. */
export const ModelChoice = z.strictObject({
  provider: z.string().min(1).max(64),
  model: z.string().max(128).default(''),
});
export type ModelChoice = z.infer<typeof ModelChoice>;

/** A model as its provider lists it, with what is known of it. */
export const ModelInfo = z.strictObject({
  id: z.string(),
  title: z.string().optional(),
  /** Tokens of a request and its answer together, and of the longest answer. */
  context: z.int().positive().optional(),
  output: z.int().positive().optional(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

/** A provider as a person chooses it. */
export const ProviderInfo = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** One sentence. */
  about: z.string(),
  /** Whether it needs an API key, and whether there is one. */
  key: z.enum(['none', 'set', 'missing']),
  models: z.array(z.string()),
  kind: ProviderKind,
  /** Whether everything stays on this machine. */
  local: z.boolean(),
  /** Whether a person set it up, or it was found here. */
  ready: z.boolean(),
  connection: Connection,
  /** What a person set up of it; absent where nothing. */
  config: ProviderConfig.optional(),
});
export type ProviderInfo = z.infer<typeof ProviderInfo>;

export const listProviders = request('butler/provider/list', {
  from: 'client',
  page: true,
  does: 'Lists the providers and whether each is ready to use.',
  params: z.strictObject({
    /** Whether local ones are looked for now: a connection on this machine, which only an act of a person makes. */
    look: z.boolean().default(false),
  }),
  result: z.strictObject({ providers: z.array(ProviderInfo) }),
});

export const saveProvider = request('butler/provider/save', {
  from: 'client',
  page: false,
  does: 'Adds a provider, or changes how one is reached.',
  params: z.strictObject({ config: ProviderConfig }),
  result: ProviderInfo,
});

export const removeProvider = request('butler/provider/remove', {
  from: 'client',
  page: false,
  does: 'Takes back what a person set up of a provider, its key included.',
  params: z.strictObject({ name: Id }),
  result: Nothing,
});

export const listModels = request('butler/provider/models', {
  from: 'client',
  page: false,
  does: 'Asks a provider for its models.',
  params: z.strictObject({ name: Id }),
  result: z.strictObject({ models: z.array(ModelInfo) }),
});

export const testProvider = request('butler/provider/test', {
  from: 'client',
  page: false,
  does: 'Asks a provider for one short answer, and says what is wrong where none comes.',
  params: z.strictObject({ name: Id, model: z.string().max(128).default('') }),
  result: z.strictObject({
    /** The model that answered, or was to answer. */
    model: z.string(),
    /** What is wrong: key, address, model or quota; `null` when it answered. */
    failure: Failure.nullable(),
    /** How long the answer took, in ms. */
    took: z.int().nonnegative(),
  }),
});

export const findLeaving = request('butler/provider/leaving', {
  from: 'client',
  page: false,
  does: 'Says by which fallbacks a job that stays on this machine would leave it, which wants consent.',
  params: z.strictObject({ fallbacks: z.array(ModelChoice).max(8) }),
  result: z.strictObject({ leaving: z.array(ModelChoice) }),
});

export const providersChanged = notification('butler/provider/changed', {
  from: 'worker',
  page: true,
  does: 'The providers, their connections or the settings changed; list them again.',
  params: Nothing,
});

export const setSecret = request('butler/secret/set', {
  from: 'client',
  page: false,
  does: 'Keeps the API key of a provider in the safest place there is, or removes it when empty.',
  params: z.strictObject({ provider: Id, value: z.string().max(4096) }),
  result: z.strictObject({ where: z.string() }),
});

export const providerMessages = [
  listProviders,
  saveProvider,
  removeProvider,
  listModels,
  testProvider,
  findLeaving,
  providersChanged,
  setSecret,
];
