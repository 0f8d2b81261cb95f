import * as z from 'zod';

/** Where a path leads after every link was followed. */
export const Place = z.enum(['workspace', 'outside', 'butler']);

const file = {
  /** Absolute real path, links followed, `/` between names. */
  path: z.string(),
  /** The same relative to its workspace folder, or absolute where it is outside. */
  shown: z.string(),
  place: Place,
};

/** One thing that a tool call would do to the world, with its object. */
export const Effect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read'), ...file }),
  z.strictObject({ kind: z.literal('write'), ...file, reversible: z.boolean() }),
  z.strictObject({ kind: z.literal('delete'), ...file, reversible: z.boolean() }),
  z.strictObject({ kind: z.literal('run'), argv: z.array(z.string()), cwd: z.string() }),
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
  z.strictObject({ kind: z.literal('spend'), amount: z.string() }),
  z.strictObject({ kind: z.literal('configure'), what: z.string() }),
]);
export type Effect = z.infer<typeof Effect>;
