import * as z from 'zod';

/** Where a path leads after every link was followed. */
export const Place = z.enum(['workspace', 'outside', 'butler']);

const file = {
  /** Absolute real path, links followed, `/` between names. */
  path: z.string(),
  /** The same relative to its workspace folder, or absolute where it is outside. */
  shown: z.string(),
  place: Place,
  /** A name that rules an agent or looks secret, from which a link leads there; relative to its workspace folder. */
  named: z.string().optional(),
};

/** One thing that a tool call would do to the world, with its object. */
export const Effect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read'), ...file }),
  z.strictObject({ kind: z.literal('write'), ...file, reversible: z.boolean() }),
  z.strictObject({ kind: z.literal('delete'), ...file, reversible: z.boolean() }),
  z.strictObject({
    kind: z.literal('run'),
    /** One plain program of a command with its arguments; the whole text as one where it is not understood. */
    argv: z.array(z.string()),
    /** Absolute real path. */
    cwd: z.string(),
    /** Why nobody can tell what it does, in words; absent where it is one plain program. */
    unclear: z.string().optional(),
    /** Whether it is known what a program of this name does; a rule of a person may cover one that is not. */
    known: z.boolean().optional(),
    /** Whether a sandbox holds it. */
    sandboxed: z.boolean().optional(),
    /** Whether what it changes in the workspace can be taken back. */
    reversible: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('network'), host: z.string() }),
  z.strictObject({
    kind: z.literal('publish'),
    target: z.string(),
    /** The address as a person knows it: a folder, a repository, a URL. */
    address: z.string(),
    ...file,
    reversible: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('send'), address: z.string() }),
  z.strictObject({
    kind: z.literal('spend'),
    amount: z.string(),
    /** The same in US dollars; absent where no price is known. */
    usd: z.number().nonnegative().optional(),
  }),
  z.strictObject({ kind: z.literal('configure'), what: z.string() }),
  /** A question to the person; the answer is all that it brings. */
  z.strictObject({ kind: z.literal('ask'), question: z.string(), choices: z.array(z.string()) }),
  /** A tool of a server that somebody else wrote. */
  z.strictObject({ kind: z.literal('mcp'), server: z.string(), tool: z.string() }),
]);
export type Effect = z.infer<typeof Effect>;

export const effectKinds = [
  'read',
  'write',
  'delete',
  'run',
  'network',
  'publish',
  'send',
  'spend',
  'configure',
  'ask',
  'mcp',
] as const satisfies readonly Effect['kind'][];
export type EffectKind = (typeof effectKinds)[number];
