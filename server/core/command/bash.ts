import type { SyntaxNode } from '../ports/shell.ts';
import { readPlainBash } from './bashPlain.ts';
import { writtenIn } from './bashTree.ts';
import type { Plain, PlainCommand } from './plain.ts';

/** The plain programs of a bash command line, where the grammar and our own reader find the very same ones. */
export function readBash(tree: SyntaxNode, text: string): Plain {
  const { written, reasons } = writtenIn(tree);
  if (reasons.length > 0) return { kind: 'unclear', reasons };
  const plain = readPlainBash(text);
  if (plain.kind === 'unclear') return plain;
  const same =
    plain.commands.length === written.length &&
    plain.commands.every((command, at) => {
      const other = written[at];
      return (
        other !== undefined &&
        isSameRow(wordsOf(command), other.words) &&
        isSameRow(redirectionsOf(command), other.redirections)
      );
    });
  return same ? plain : { kind: 'unclear', reasons: ['It can be read in more than one way.'] };
}

function wordsOf({ assignments, words }: PlainCommand): string[] {
  return [...assignments, ...words].map(({ raw }) => raw);
}

function redirectionsOf({ redirections }: PlainCommand): string[] {
  return redirections.map(({ operator, descriptor, target }) =>
    [descriptor, operator, target.raw].filter(Boolean).join(' '),
  );
}

function isSameRow(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
