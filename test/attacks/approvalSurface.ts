import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from 'vscode-languageserver/node';
import * as z from 'zod';
import { decideApproval } from '../../server/core/approvals.ts';
import { abortJob } from '../../server/core/jobs.ts';
import type { Tool } from '../../server/core/ports/tool.ts';
import { askByMessage } from '../../server/main/askByMessage.ts';
import { type Approval, approvalLifetime } from '../../server/protocol/approval.ts';
import { bad, failures, good } from '../../server/protocol/failure.ts';
import type { Job } from '../../server/protocol/job.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { type Crew, calls, says, scripted, setCrew } from '../contracts/conversations/crew.ts';
import type { AttackCase } from './attackCase.ts';
import type { OpenSurface, Surface } from './surface.ts';

/**
 * A question to a person, attacked by `do`: by what it shows, by when and how often it is answered, and by what is
 * answered. `once`: exactly what was shown was done, once; `never`: it was not done; `shown`: every sign of the
 * text can be seen.
 */
export const approvalSurface: Surface = {
  answers: ['once', 'never', 'shown'],
  fault: (one) =>
    typeof one.do === 'string' && Object.hasOwn(attacks, one.do)
      ? null
      : { field: 'do', what: `must be one of ${Object.keys(attacks).join(', ')}` },
  open,
};

/** One question of one job, and the ways to attack it. */
interface Scene {
  readonly crew: Crew;
  readonly job: Job;
  readonly question: Approval;
  readonly text: string;
  /** Answers; whether that was taken. */
  answer(change?: Partial<Parameters<typeof decideApproval>[1]>): Promise<boolean>;
}

async function open(): Promise<OpenSurface> {
  const crew = await setCrew();
  let count = 0;
  return { play: (one) => play(crew, one, ++count), close: () => crew.close() };
}

async function play(crew: Crew, one: AttackCase, count: number): Promise<string> {
  const done: string[] = [];
  const world = { version: 1 };
  const act = one.do as keyof typeof attacks;
  const tool = deedOf(one, world, done);
  const { provider } = scripted(calls('deed', {}), says('Done.'));
  const hand = crew.work(`worker-${count}`, { provider, tools: [tool] });
  try {
    const job = await crew.stage.hand('butler', 'Do it.');
    const question = await crew.stage.question(job);
    const answer: Scene['answer'] = async (change = {}) => {
      const { id, digest } = question;
      const given = { id, digest, decision: 'approve', ...change } as const;
      return (await decideApproval(crew.stage.butler, given, 'person:test')).ok;
    };
    const said = await attacks[act]({ crew, job, question, text: one.text, answer }, world);
    await settle(crew, job);
    if (said) return said;
    return done.length === 0 ? 'never' : done.length === 1 ? 'once' : `${done.length} times`;
  } finally {
    await hand.stop();
  }
}

/** A deed that must be asked for; a `protected` one changes a guarded file, another runs a program. */
function deedOf(
  { text, protected: isGuarded }: AttackCase,
  world: { version: number },
  done: string[],
): Tool {
  return {
    name: 'deed',
    description: 'Does a deed.',
    input: z.strictObject({}),
    repeatable: false,
    plan: async () =>
      good({
        title: `Do ${text}`,
        effects: isGuarded
          ? [
              {
                kind: 'write',
                path: '/w/.git/config',
                shown: '.git/config',
                place: 'workspace',
                reversible: true,
              },
            ]
          : [{ kind: 'send', address: 'somebody' }],
        exactly: world.version,
        preview: { kind: 'text', text },
      }),
    run: async (_input, plan) => {
      if (plan.exactly !== world.version) return bad(failures.conflict('It changed.', 'Look again.'));
      done.push(text);
      return good({ output: 'Done.' });
    },
  };
}

/** Lets the job come to its end; what is asked for once more is denied. */
async function settle({ stage }: Crew, { id }: Job): Promise<void> {
  const job = await stage.butler.store.job(id);
  if (!job) return;
  const ended = stage.end(job);
  for (;;) {
    const next = await Promise.race([stage.question(job), ended.then(() => null)]);
    if (!next) return;
    const denied = { id: next.id, digest: next.digest, decision: 'deny' } as const;
    if (!(await decideApproval(stage.butler, denied, 'person:test')).ok) return void (await ended);
  }
}

type Attack = (scene: Scene, world: { version: number }) => Promise<string | undefined>;

const attacks = {
  shown: async ({ crew, question, text, answer }) => {
    const told = await toldByMessage(crew, question);
    await answer({ decision: 'deny' });
    const preview = revealed(text);
    return [told, preview].every((one) => isVisible(one) && holdsEnds(one, text)) ? 'shown' : 'hidden';
  },
  approve: async ({ answer }) => void (await answer()),
  digest: async ({ question, text, answer }) => {
    const digest = text
      .replaceAll('<digest>', question.digest)
      .replaceAll('<DIGEST>', question.digest.toUpperCase());
    await answer({ digest });
    await answer({ decision: 'deny' });
    return undefined;
  },
  twice: async ({ answer }) => {
    await answer();
    return (await answer()) ? 'taken twice' : undefined;
  },
  denyThenApprove: async ({ answer }) => {
    await answer({ decision: 'deny' });
    return (await answer()) ? 'taken twice' : undefined;
  },
  manyAtOnce: async ({ answer }) => {
    const taken = await Promise.all(Array.from({ length: 20 }, () => answer()));
    return taken.filter(Boolean).length === 1 ? undefined : 'taken more than once';
  },
  bothAtOnce: async ({ answer }) => {
    const taken = await Promise.all([answer({ decision: 'deny' }), answer()]);
    return taken.filter(Boolean).length === 1 ? undefined : 'taken more than once';
  },
  late: async ({ crew, answer }) => {
    crew.stage.wait(approvalLifetime + 1);
    return (await answer()) ? 'taken late' : undefined;
  },
  afterAbort: async ({ crew, job, answer }) => {
    await abortJob(crew.stage.butler, job.id, 'person:test');
    return (await answer()) ? 'taken after the end' : undefined;
  },
  otherQuestion: async ({ question, answer }) => {
    await answer({ id: `${question.id}x` });
    await answer({ decision: 'deny' });
    return undefined;
  },
  changed: async ({ answer }, world) => {
    world.version = 2;
    await answer();
    return undefined;
  },
  forJob: async ({ answer }) => {
    const taken = await answer({ decision: 'approveForJob' });
    if (!taken) await answer({ decision: 'deny' });
    return undefined;
  },
  always: async ({ answer }) => {
    const taken = await answer({ decision: 'approveAlways' });
    if (!taken) await answer({ decision: 'deny' });
    return undefined;
  },
  file: async ({ crew, question, text, answer }) => {
    const name = path.join(crew.stage.workspace, text.replaceAll('<id>', question.id));
    await writeFile(name, JSON.stringify({ ...question, decision: 'approved' }));
    await answer({ decision: 'deny' });
    return undefined;
  },
} as const satisfies Record<string, Attack>;

/** What a client without approvals of ours is asked. */
async function toldByMessage({ stage: { butler } }: Crew, question: Approval): Promise<string> {
  const { entries } = await butler.store.entries({ filter: { job: question.job }, after: 0, limit: 100 });
  const told = Promise.withResolvers<string>();
  const window = {
    showWarningMessage: async (text: string) => {
      told.resolve(text);
      return undefined;
    },
  };
  askByMessage({ window } as unknown as Connection, butler, entries, 'person:test');
  return told.promise;
}

/** Whether every sign can be seen, and stands where it is read. */
function isVisible(text: string): boolean {
  return !/[\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}|\S {24,}|\n{24,}/u.test(text);
}

/** Whether the beginning and the end of a text are there. */
function holdsEnds(shown: string, text: string): boolean {
  const plain = revealed(text);
  return shown.includes(plain.slice(0, 40)) && shown.includes(plain.slice(-40));
}
