import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good } from '../../protocol/failure.ts';

const Input = z.strictObject({
  question: words(2000),
  choices: z
    .array(words(200))
    .refine(({ length }) => length <= 10, 'must be 10 at most')
    .optional(),
});

/** Asks the person something that only the person can say. */
export const askPerson: Tool<z.infer<typeof Input>> = {
  name: 'ask_person',
  description: 'Asks the person a question.',
  input: Input,
  needs: [{ permission: 'person', reason: 'To ask you what it cannot know or decide.' }],
  repeatable: true,
  plan: async ({ question, choices = [] }) =>
    good({
      title: `Question: ${oneLine(question)}`,
      effects: [{ kind: 'ask', question, choices }],
      exactly: null,
      preview: { kind: 'text', text: [question, ...choices.map((choice) => `- ${choice}`)].join('\n') },
    }),
  run: async (_input, _plan, { answer, signal }) => {
    if (signal.aborted) return bad(failures.cancelled('Nobody was asked.'));
    if (answer === null) return bad(failures.tool('No answer came.', 'Go on without it, or ask once more.'));
    return good({ output: answer });
  },
};

function words(most: number) {
  const what = `must be text of 1 to ${most} characters`;
  return z.string().refine((text) => text.trim() !== '' && text.length <= most, what);
}

const longest = 200;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
