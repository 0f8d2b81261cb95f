import type { SyntaxNode } from '../ports/shell.ts';

/** What the grammar says of one program: its words and redirections as they are written. */
export interface Written {
  readonly words: readonly string[];
  readonly redirections: readonly string[];
}

/** The programs that a syntax tree of bash holds, or every reason why it holds more than plain programs. */
export function writtenIn(tree: SyntaxNode): { written: readonly Written[]; reasons: readonly string[] } {
  const found: Building[] = [];
  const reasons = new Set<string>();
  walk(tree, found, reasons);
  return { written: found, reasons: [...reasons] };
}

interface Building {
  readonly words: string[];
  readonly redirections: string[];
}

function walk(node: SyntaxNode, found: Building[], reasons: Set<string>): void {
  if (node.broken) {
    reasons.add(unreadable);
    return;
  }
  switch (node.type) {
    case 'program':
    case 'list':
    case 'pipeline':
    case 'negated_command':
      for (const child of node.children) walk(child, found, reasons);
      return;
    case 'redirected_statement':
      walkRedirected(node, found, reasons);
      return;
    case 'command':
      found.push(commandOf(node, reasons));
      return;
    default:
      if (!fine.has(node.type)) reasons.add(reasonFor(node.type));
  }
}

/** What may stand between commands. */
const fine: ReadonlySet<string> = new Set(['comment', ';', '&&', '||', '|', '|&', '\n', '!']);

function walkRedirected(node: SyntaxNode, found: Building[], reasons: Set<string>): void {
  const [body, ...redirections] = node.children;
  if (!body || body.field === 'redirect') {
    reasons.add('It redirects without a program.');
    return;
  }
  walk(body, found, reasons);
  const last = found.at(-1);
  for (const redirection of redirections) {
    if (last) addRedirection(redirection, last, reasons);
  }
}

function commandOf(node: SyntaxNode, reasons: Set<string>): Building {
  const building: Building = { words: [], redirections: [] };
  for (const child of node.children) {
    if (child.type.endsWith('_redirect')) addRedirection(child, building, reasons);
    else {
      judgeWord(child, reasons);
      building.words.push(child.text);
    }
  }
  return building;
}

function addRedirection(node: SyntaxNode, building: Building, reasons: Set<string>): void {
  const parts = node.children.filter(({ type }) => !bodyParts.has(type) && !type.endsWith('_redirect'));
  for (const part of parts) {
    if (part.named && !redirectionParts.has(part.type)) judgeWord(part, reasons);
  }
  const body = node.children.find(({ type }) => type === 'heredoc_body');
  if (body?.children.some(({ type }) => type !== 'heredoc_content')) reasons.add(reasonFor('expansion'));
  building.redirections.push(parts.map(({ text }) => text).join(' '));
  for (const more of node.children) {
    if (more.type.endsWith('_redirect')) addRedirection(more, building, reasons);
  }
}

const bodyParts: ReadonlySet<string> = new Set(['heredoc_body', 'heredoc_end']);
const redirectionParts: ReadonlySet<string> = new Set(['file_descriptor', 'heredoc_start']);

/** Gathers the reasons why a word's value is not known before it runs. */
function judgeWord(node: SyntaxNode, reasons: Set<string>): void {
  if (node.broken) reasons.add(unreadable);
  else if (node.type === 'simple_expansion' && node.text === '$?') return;
  else if (!plainParts.has(node.type)) reasons.add(reasonFor(node.type));
  else for (const child of node.children) judgeWord(child, reasons);
}

const plainParts: ReadonlySet<string> = new Set([
  'command_name',
  'variable_assignment',
  'variable_name',
  'word',
  'number',
  'string',
  'string_content',
  'raw_string',
  'concatenation',
  '"',
  '$',
  '=',
]);

const unreadable = 'It cannot be read as a whole.';

function reasonFor(type: string): string {
  return (
    constructs[type] ??
    `It holds a construct of the shell beyond plain programs (${type.replaceAll('_', ' ')}).`
  );
}

const constructs: Readonly<Record<string, string>> = {
  command_substitution: 'It puts the output of another command into a word.',
  process_substitution: 'It uses another command as if it were a file.',
  simple_expansion: 'It uses a variable, whose value is not known before it runs.',
  expansion: 'It uses a variable, whose value is not known before it runs.',
  arithmetic_expansion: 'It calculates a word while it runs.',
  ansi_c_string: 'It writes characters by codes, or words that are translated first.',
  translated_string: 'It writes characters by codes, or words that are translated first.',
  brace_expression: 'It holds braces, which the shell may turn into several words or commands.',
  extglob_pattern: 'It holds a pattern that the shell replaces by what fits.',
  function_definition: 'It defines a function, which may stand for any program.',
  declaration_command: 'It sets variables of the shell itself.',
  unset_command: 'It sets variables of the shell itself.',
  variable_assignments: 'It sets variables of the shell itself.',
  variable_assignment: 'It sets variables of the shell itself.',
  '&': 'It leaves a program running behind it.',
  subshell: 'It holds parentheses, by which a shell groups commands or defines functions.',
  test_command: 'It tests with a construct of the shell, which may run more.',
};
