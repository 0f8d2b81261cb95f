import * as z from 'zod';
import { effectKinds } from './effect.ts';
import { Id, request, Time } from './message.ts';

/** What came of an act. */
export const ActOutcome = z.enum([
  'ok',
  'failed',
  'denied',
  'refused',
  'interrupted',
  'undone',
  'waiting',
  'running',
]);
export type ActOutcome = z.infer<typeof ActOutcome>;

/** One line of the log of what was done (SPEC C7, D5): a call of a tool, or an act of a person or worker. */
export const Act = z.strictObject({
  /** The number of the entry that began it. */
  seq: z.int().positive(),
  time: Time,
  actor: z.string(),
  /** One line: `Write docs/guide.md`. */
  title: z.string(),
  /** The tool's name, or the type of the entry. */
  tool: z.string(),
  effects: z.array(z.enum(effectKinds)),
  /** What it touched: paths, hosts, programs, addresses. */
  objects: z.array(z.string()),
  outcome: ActOutcome,
  /** The rule, the approval's end or the failure, in words. */
  note: z.string(),
  job: Id.nullable(),
  session: Id.nullable(),
  ability: Id.nullable(),
});
export type Act = z.infer<typeof Act>;

/** A person's question as it was understood; every field narrows. */
export const ActFilter = z.strictObject({
  since: Time.optional(),
  until: Time.optional(),
  actor: z.enum(['person', 'agent', 'worker']).optional(),
  tools: z.array(z.string()).optional(),
  effects: z.array(z.enum(effectKinds)).optional(),
  outcomes: z.array(ActOutcome).optional(),
  job: Id.optional(),
  ability: Id.optional(),
  /** Words that all stand in title, objects or note. */
  words: z.array(z.string()).optional(),
});
export type ActFilter = z.infer<typeof ActFilter>;

export const queryActivity = request('butler/activity/query', {
  from: 'client',
  page: true,
  does: 'Finds what was done, newest first, by a question in words such as "mail sent this week".',
  params: z.strictObject({
    query: z.string().max(500).default(''),
    /** Acts with a smaller number. */
    before: z.int().positive().optional(),
    limit: z.int().min(1).max(1000).default(100),
  }),
  result: z.strictObject({
    filter: ActFilter,
    /** The question as it was understood, in words. */
    understood: z.string(),
    acts: z.array(Act),
    more: z.boolean(),
    /** Where to go on as `before`, also where fewer were found than were asked for. */
    next: z.int().positive().optional(),
  }),
});

export const exportActivity = request('butler/activity/export', {
  from: 'client',
  page: false,
  does: 'Writes every act that a question finds as CSV or JSON, oldest first.',
  params: z.strictObject({ query: z.string().max(500).default(''), form: z.enum(['csv', 'json']) }),
  result: z.strictObject({ content: z.string(), acts: z.int().nonnegative() }),
});

export const activityMessages = [queryActivity, exportActivity];
