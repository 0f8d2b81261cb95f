import assert from 'node:assert/strict';
import * as z from 'zod';
import { decideApproval } from '../../../server/core/approvals.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import type { Approval, decideApproval as decideMessage } from '../../../server/protocol/approval.ts';
import type { Effect } from '../../../server/protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { ResultOf } from '../../../server/protocol/message.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { type Stage, until } from '../../support/stage.ts';

const Input = z.strictObject({ what: z.string() });

/** A tool called `act` that does what a test says of each word, and keeps what it did and what it was told. */
export interface Acting {
  readonly tool: Tool;
  readonly done: string[];
  readonly answers: (string | null)[];
}

/** Makes the tool: the effects of a word, when it cannot be planned, and what happens while it runs. */
export function acting(options: {
  effects(what: string): readonly Effect[];
  isPossible?(what: string, done: readonly string[]): boolean;
  /** What a word is about as things stand; another thing is another question. */
  exactly?(what: string, done: readonly string[]): unknown;
  run?(what: string): Promise<void>;
  needs?: Tool['needs'];
}): Acting {
  const done: string[] = [];
  const answers: (string | null)[] = [];
  const tool: Tool<z.infer<typeof Input>> = {
    name: 'act',
    description: 'Acts.',
    input: Input,
    repeatable: false,
    ...(options.needs ? { needs: options.needs } : {}),
    plan: async ({ what }) => {
      if (options.isPossible?.(what, done) === false) return bad(failures.tool('Not yet.', 'Wait.'));
      const exactly = options.exactly?.(what, done) ?? what;
      return good({ title: `Act: ${what}`, effects: options.effects(what), exactly, preview: null });
    },
    run: async ({ what }, _plan, { answer }) => {
      await options.run?.(what);
      done.push(what);
      answers.push(answer);
      return good({ output: answer ?? `Done: ${what}.` });
    },
  };
  return { tool: tool as Tool, done, answers };
}

/** One message that calls `act` with each word. */
export const callsAll =
  (...words: string[]) =>
  (): readonly Part[] =>
    words.map((what) => ({ kind: 'call', call: `call-${what}`, tool: 'act', input: { what } }));

/** A program that a sandbox holds and that can be taken back. */
export const held = (...argv: string[]): Effect => ({
  kind: 'run',
  argv,
  cwd: '/work',
  sandboxed: true,
  reversible: true,
});

/** Resolves with the open questions of a job as soon as there are so many. */
export function questions(stage: Stage, job: Job, count: number): Promise<Approval[]> {
  return until(stage.butler, async () => {
    const open = await stage.butler.store.pendingApprovals(job.id);
    return open.length === count ? open.map(({ approval }) => approval) : null;
  });
}

type Decision = Omit<Parameters<typeof decideApproval>[1], 'id' | 'digest'>;

/** Decides as a person at some surface would. */
export function decides(
  stage: Stage,
  { id, digest }: Approval,
  decision: Decision,
): Promise<Outcome<ResultOf<typeof decideMessage>>> {
  return decideApproval(stage.butler, { id, digest, ...decision }, 'person:test');
}

/** Decides, and it must be taken. */
export async function decided(stage: Stage, approval: Approval, decision: Decision): Promise<void> {
  const outcome = await decides(stage, approval, decision);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.what);
}
