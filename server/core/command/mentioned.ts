import type { SyntaxNode } from '../ports/shell.ts';
import { readWord } from './bashWord.ts';
import type { Program } from './understanding.ts';

/**
 * The programs that a command names anywhere, also within what is not understood, with their words as far as those
 * are plain: so that a rule that denies one finds it wherever it stands.
 */
export function mentionedIn(tree: SyntaxNode): Program[] {
  const found: Program[] = [];
  gather(tree, found);
  return found;
}

const mostMentioned = 50;

function gather(node: SyntaxNode, found: Program[]): void {
  if (node.type === 'command' && found.length < mostMentioned) {
    const argv = plainWords(node);
    if (argv.length > 0) found.push({ argv, touches: [], hosts: [], known: false });
  }
  for (const child of node.children) gather(child, found);
}

/** The words of a command up to the first that is not plain. */
function plainWords(node: SyntaxNode): string[] {
  const words: string[] = [];
  for (const { type, text } of node.children) {
    if (type === 'variable_assignment' || type.endsWith('_redirect')) continue;
    const read = readWord(text, 0);
    if ('reason' in read || read.end !== text.length || read.word.glob) break;
    words.push(read.word.value);
  }
  return words;
}
