import * as z from 'zod';
import { Visibility } from './deliverable.ts';
import { Effect } from './effect.ts';
import { Digest, Id, request, Time } from './message.ts';
import { PolicyRule } from './policy.ts';

/** Milliseconds after which an unanswered approval is denied (SPEC D4). */
export const approvalLifetime = 5 * 60_000;

/** What exactly would happen, in the form that a person can judge. */
export const Preview = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({
    kind: z.literal('diff'),
    path: z.string(),
    /** `null` where the file does not exist yet. */
    before: z.string().nullable(),
    after: z.string(),
  }),
  z.strictObject({
    kind: z.literal('files'),
    /** Where they go. */
    address: z.string(),
    files: z.array(
      z.strictObject({
        path: z.string(),
        change: z.enum(['create', 'update', 'delete', 'unchanged']),
        size: z.int().nonnegative(),
      }),
    ),
    /** Who will be able to see it there; absent where nothing is published. */
    visibility: Visibility.optional(),
    /** What taking it back would do, as one sentence. */
    undoes: z.string().optional(),
    /** What else a person should know before it happens, each as one sentence. */
    notes: z.array(z.string()).optional(),
  }),
]);
export type Preview = z.infer<typeof Preview>;

/** A question to a person, bound to the digest of exactly one thing (SECURITY S6). */
export const Approval = z.strictObject({
  id: Id,
  job: Id,
  session: Id,
  /** The tool call that waits; another word where the job itself asks, as for more budget. */
  call: z.string(),
  tool: z.string(),
  /** One line: what would happen, as `Publish 9 files to ./public`. */
  title: z.string(),
  effects: z.array(Effect),
  digest: Digest,
  /** The rule that asked, in words. */
  rule: z.string(),
  /** Whether a built-in protection or a rule of a file asked; such a question has no "for this job", no "always" and no `--yes` (SECURITY S1). */
  protected: z.boolean(),
  /** The rule that "always" would write into the person's policy, shown before it is; absent where there is none. */
  always: PolicyRule.optional(),
  requested: Time,
  expires: Time,
  decision: z.enum(['approved', 'denied', 'expired']).nullable(),
});
export type Approval = z.infer<typeof Approval>;

export const listApprovals = request('butler/approval/list', {
  from: 'client',
  page: true,
  does: 'Lists the approvals that wait for a person, oldest first, each with its preview.',
  params: z.strictObject({ job: Id.optional() }),
  result: z.strictObject({
    approvals: z.array(z.strictObject({ approval: Approval, preview: Preview.nullable() })),
  }),
});

export const decideApproval = request('butler/approval/decide', {
  from: 'client',
  page: true,
  does: 'Approves or denies; the digest must be that of the approval as it was shown; the first decision wins.',
  params: z.strictObject({
    id: Id,
    digest: Digest,
    /** `approveForJob` also lets like calls of the job go on; `approveAlways` also writes the rule of `always`. */
    decision: z.enum(['approve', 'approveForJob', 'approveAlways', 'deny']),
    /** Why not, for the agent to read. */
    reason: z.string().max(500).optional(),
    /** The person's words where the effect is `ask`. */
    answer: z.string().max(20_000).optional(),
  }),
  result: Approval,
});

export const approvalMessages = [listApprovals, decideApproval];
