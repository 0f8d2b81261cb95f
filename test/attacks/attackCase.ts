import * as z from 'zod';

/** One line of the corpus: what is said to which surface, and what must come of it. */
export const AttackCase = z.looseObject({
  surface: z.string().min(1),
  text: z.string(),
  expected: z.string().min(1),
  /** What the case is, for a reader. */
  note: z.string().optional(),
});
export type AttackCase = z.infer<typeof AttackCase>;
