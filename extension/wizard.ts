import type { Failure, Outcome } from '../server/protocol/failure.ts';

/** One row to choose. */
export interface Choice {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: string;
  /** The heading under which it stands, with those before and after it that have the same. */
  readonly group?: string;
}

/** One question of a wizard. */
export type Step =
  | {
      readonly kind: 'pick';
      readonly key: string;
      readonly question: string;
      readonly choices: readonly Choice[];
      /** What there is to choose once it was asked for, in place of the choices known at first. */
      readonly later?: () => Promise<readonly Choice[]>;
      /** The choice that a text of the person's own makes. */
      readonly typed?: (text: string) => Choice;
    }
  | {
      /** Any number of rows; the answer is a JSON array of their values, empty for none. */
      readonly kind: 'many';
      readonly key: string;
      readonly question: string;
      readonly choices: readonly Choice[];
      /** Whether there must be one at least. */
      readonly needed: boolean;
    }
  | {
      readonly kind: 'text';
      readonly key: string;
      readonly question: string;
      readonly hint?: string;
      readonly value?: string;
      /** Whether nobody may read it over the person's shoulder. */
      readonly secret?: boolean;
      /** What is wrong with a text, or `null`. */
      readonly wrong: (text: string) => string | null;
    };

export type Answers = Readonly<Record<string, string>>;
/** What came of one question: an answer, the way back, or the end of it all. */
export type Reply = { readonly answer: string } | 'back' | 'cancel';

/** Where a question stands among the others; from 1. */
export interface Place {
  readonly step: number;
  readonly of: number;
  /** What was answered here before. */
  readonly before: string | undefined;
}

/** A wizard with what is done with its answers. */
export interface Form<T> {
  readonly steps: (answers: Answers) => readonly Step[];
  readonly ask: (step: Step, place: Place) => Promise<Reply>;
  readonly take: (answers: Answers) => Promise<Outcome<T>>;
  /** Tells why the answers were refused, and answers with the key of the question at fault where it is known. */
  readonly refused: (failure: Failure, answers: Answers) => string | undefined;
}

/**
 * Asks until the answers are taken; what is refused is asked for again from the question at fault on, with every
 * answer still there. `undefined` when it was broken off, or when no other answer helps.
 */
export async function fillIn<T>(form: Form<T>, given: Answers = {}): Promise<T | undefined> {
  let answers = given;
  let from: string | undefined;
  for (let tries = 0; ; tries++) {
    const entered = await runWizard(form.steps, form.ask, answers, tries === 0 ? undefined : (from ?? ''));
    if (!entered) return undefined;
    const taken = await form.take(entered);
    if (taken.ok) return taken.value;
    from = form.refused(taken.failure, entered);
    if (hopeless.has(taken.failure.kind)) return undefined;
    answers = entered;
  }
}

/** What no other answer mends. */
const hopeless: ReadonlySet<Failure['kind']> = new Set(['notFound', 'denied', 'cancelled']);

/**
 * Asks one question after the other, with the way back. The questions are worked out anew from the answers
 * given, so that later ones can depend on earlier ones; `null` when it was broken off. It begins at the question `from`,
 * or at the last one where there is no such question.
 */
export async function runWizard(
  stepsFor: (answers: Answers) => readonly Step[],
  ask: (step: Step, place: Place) => Promise<Reply>,
  given: Answers = {},
  from?: string,
): Promise<Answers | null> {
  let answers = given;
  let at = from === undefined ? 0 : placeOf(stepsFor(answers), from);
  for (;;) {
    const steps = stepsFor(answers);
    const step = steps[at];
    if (!step) return only(answers, steps);
    const reply = await ask(step, { step: at + 1, of: steps.length, before: answers[step.key] });
    if (reply === 'cancel') return null;
    if (reply === 'back') at = Math.max(0, at - 1);
    else {
      answers = { ...answers, [step.key]: reply.answer };
      at += 1;
    }
  }
}

function placeOf(steps: readonly Step[], from: string): number {
  const at = steps.findLastIndex(({ key }) => from === key || from.startsWith(`${key}.`));
  return at < 0 ? Math.max(0, steps.length - 1) : at;
}

/** The answers to the questions that remain; those of a way left again are dropped. */
function only(answers: Answers, steps: readonly Step[]): Answers {
  return Object.fromEntries(steps.map(({ key }) => [key, answers[key] ?? '']));
}
