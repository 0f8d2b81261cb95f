/** What a code action asks for, about a piece of a file. */
export type CodeTask = 'explain' | 'review' | 'fix' | 'test';

/** The code actions in the order in which they are offered (SPEC E3, F1). */
export const codeTasks = {
  explain: {
    title: 'Butler: Explain',
    kind: 'refactor.butler.explain',
    words: 'Explain what this does, simply and exactly.',
  },
  review: {
    title: 'Butler: Review',
    kind: 'refactor.butler.review',
    words: 'Review this: name faults, risks and simplifications, the most important first. Change nothing.',
  },
  fix: {
    title: 'Butler: Fix',
    kind: 'quickfix.butler.fix',
    words: 'Find what is wrong here and mend it in the file, with the smallest change that does it.',
  },
  test: {
    title: 'Butler: Write tests',
    kind: 'refactor.butler.test',
    words: 'Write tests for this in the style of the tests that the project has already.',
  },
} as const satisfies Record<CodeTask, { title: string; kind: string; words: string }>;

/** The LSP command of a code action. */
export const commandOf = (task: CodeTask): string => `butler.code.${task}`;

/** The task of an LSP command, or `null`. */
export function taskOf(command: string): CodeTask | null {
  const tasks = Object.keys(codeTasks) as CodeTask[];
  return tasks.find((task) => commandOf(task) === command) ?? null;
}

/** A text longer than this is left for the agent to read itself. */
const longestExcerpt = 20_000;

/** The text of the job for a piece of a file; lines count from 1. */
export function codeJobText(
  task: CodeTask,
  piece: { path: string; from: number; to: number; whole: boolean; text: string; diagnostics: string[] },
): string {
  const where = piece.whole
    ? `the file ${piece.path}`
    : `lines ${piece.from} to ${piece.to} of ${piece.path}`;
  const problems =
    piece.diagnostics.length > 0
      ? `\n\nThe editor reports:\n${piece.diagnostics.map((line) => `- ${line}`).join('\n')}`
      : '';
  const fence = '`'.repeat(Math.max(3, longestFence(piece.text) + 1));
  const excerpt =
    piece.text.length <= longestExcerpt ? `\n\n${fence}\n${piece.text}\n${fence}` : '\n\nRead it there.';
  return `${codeTasks[task].words}\n\nIt is about ${where}.${problems}${excerpt}`;
}

function longestFence(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
