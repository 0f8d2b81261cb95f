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

/**
 * Asks one question after the other, with the way back. The questions are worked out anew from the answers
 * given, so that later ones can depend on earlier ones; `null` when it was broken off.
 */
export async function runWizard(
  stepsFor: (answers: Answers) => readonly Step[],
  ask: (step: Step, place: Place) => Promise<Reply>,
  given: Answers = {},
): Promise<Answers | null> {
  let answers = given;
  let at = 0;
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

/** The answers to the questions that remain; those of a way left again are dropped. */
function only(answers: Answers, steps: readonly Step[]): Answers {
  return Object.fromEntries(steps.map(({ key }) => [key, answers[key] ?? '']));
}
