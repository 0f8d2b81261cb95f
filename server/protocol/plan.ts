import * as z from 'zod';
import { Id, Nothing, request } from './message.ts';

/** One step of a plan (SPEC C4): an action is a tool's name. */
export const PlanStep = z.strictObject({
  action: z.string().min(1).max(64),
  params: z.record(z.string(), z.json()).default({}),
  /** Names a prompt template by id. */
  prompt_template: Id.optional(),
  variables: z.record(z.string(), z.string()).optional(),
  /** The number, from 0, of the earlier step whose output this one takes. */
  data_from_step: z.int().nonnegative().optional(),
  /** One line for the person who reads the plan. */
  why: z.string().max(200).optional(),
});
export type PlanStep = z.infer<typeof PlanStep>;

/** A plan kept for use again; a person can read, copy and change the file (SPEC C4). */
export const Playbook = z
  .strictObject({
    $schema: z.string().optional(),
    id: Id,
    title: z.string().min(1).max(80),
    /** The slash command that starts it, without the slash. */
    command: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a lower-case word'),
    about: z.string().max(300),
    /** The deliverable it makes. */
    deliverable: z.string(),
    /** Words by which plain text finds it. */
    words: z.array(z.string().min(2)).max(30).default([]),
    agent: z.string().default('offline'),
    steps: z.array(PlanStep).min(1).max(50),
    /** What is said at the end; `{n.field}` takes from the output of step n. */
    closing: z.string().max(1000).default('Done.'),
  })
  .superRefine((playbook, context) => {
    for (const [index, step] of playbook.steps.entries()) {
      if (step.data_from_step !== undefined && step.data_from_step >= index) {
        context.addIssue({
          code: 'custom',
          path: ['steps', index, 'data_from_step'],
          message: `must name an earlier step than ${index}`,
        });
      }
    }
  });
export type Playbook = z.infer<typeof Playbook>;

export const listPlaybooks = request('butler/playbook/list', {
  from: 'client',
  page: true,
  does: 'Lists the playbooks that the offline provider can run.',
  params: Nothing,
  result: z.strictObject({
    playbooks: z.array(z.strictObject({ id: Id, title: z.string(), command: z.string(), about: z.string() })),
  }),
});

export const planMessages = [listPlaybooks];
