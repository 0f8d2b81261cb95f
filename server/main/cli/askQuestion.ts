import type { Approval } from '../../protocol/approval.ts';
import type { Effect } from '../../protocol/effect.ts';
import { revealed } from '../../protocol/reveal.ts';

/** What the agent wants to know of the person; `null` where an approval asks for leave instead. */
export function questionIn(approval: Pick<Approval, 'effects'>): Question | null {
  return approval.effects.find((effect) => effect.kind === 'ask') ?? null;
}

type Question = Extract<Effect, { kind: 'ask' }>;

/** What a person at the terminal answers: words, or that there is no answer; `null` where it was withdrawn. */
export async function askQuestion(
  { question, choices }: Question,
  signal: AbortSignal,
): Promise<{ decision: 'approve'; answer: string } | { decision: 'deny' } | null> {
  const { isCancel, select, text } = await import('@clack/prompts');
  const message = revealed(question);
  if (choices.length > 0) {
    const options = choices.map((choice, index) => ({ value: index, label: revealed(choice) }));
    const other = { value: -1, label: 'Something else…' };
    const none = { value: -2, label: 'No answer' };
    const chosen = await select<number>({ message, options: [...options, other, none], signal });
    if (signal.aborted) return null;
    if (isCancel(chosen) || chosen === none.value) return { decision: 'deny' };
    if (chosen !== other.value) return { decision: 'approve', answer: choices[chosen] ?? '' };
  }
  const words = await text({
    message: choices.length > 0 ? 'Your answer' : message,
    validate: (given) => (given?.trim() ? undefined : 'Type an answer, or press Ctrl+C to give none.'),
    signal,
  });
  if (signal.aborted) return null;
  return isCancel(words) ? { decision: 'deny' } : { decision: 'approve', answer: words };
}
