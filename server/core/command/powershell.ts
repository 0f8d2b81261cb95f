import type { SyntaxNode } from '../ports/shell.ts';
import type { Plain, PlainCommand, Word } from './plain.ts';

/** The plain programs of a PowerShell line: pipelines of plain words by grammar, and by our own reading alike. */
export function readPowerShell(tree: SyntaxNode, text: string): Plain {
  const found: string[][] = [];
  if (!walk(tree, found)) return unclear('It holds more of PowerShell than plain programs.');
  const plain = readPlain(text);
  if (plain.kind === 'unclear') return plain;
  const same =
    plain.commands.length === found.length &&
    plain.commands.every((one, at) => one.words.map(({ raw }) => raw).join('\0') === found[at]?.join('\0'));
  return same ? plain : unclear('It can be read in more than one way.');
}

function unclear(reason: string): Plain {
  return { kind: 'unclear', reasons: [reason] };
}

const through: ReadonlySet<string> = new Set(['program', 'statement_list', 'pipeline', 'pipeline_chain']);
const between: ReadonlySet<string> = new Set([
  '|',
  ';',
  'empty_statement',
  '&&',
  '||',
  'pipeline_chain_tail',
]);

/** Gathers the words of each command; whether the tree holds nothing else. */
function walk(node: SyntaxNode, found: string[][]): boolean {
  if (node.broken) return false;
  if (between.has(node.type)) return true;
  if (through.has(node.type)) return node.children.every((child) => walk(child, found));
  if (node.type !== 'command') return false;
  const words: string[] = [];
  found.push(words);
  return node.children.every((child) => {
    if (child.type === 'command_name') words.push(child.text);
    else if (child.type === 'command_elements') return child.children.every((one) => addElement(one, words));
    else return false;
    return !child.broken;
  });
}

function addElement(node: SyntaxNode, words: string[]): boolean {
  if (node.broken) return false;
  if (node.type === 'command_argument_sep') return node.text.trim() === '';
  words.push(node.text);
  return isPlainElement(node);
}

const plainElements: ReadonlySet<string> = new Set([
  ...['command_parameter', 'generic_token', 'array_literal_expression', 'unary_expression', 'string_literal'],
  ...[
    'verbatim_string_characters',
    'expandable_string_literal',
    'integer_literal',
    'decimal_integer_literal',
  ],
]);

function isPlainElement({ type, broken, children }: SyntaxNode): boolean {
  return !broken && plainElements.has(type) && children.length <= 1 && children.every(isPlainElement);
}

/** Words of plain characters or quotes without anything that is replaced, between `|`, `;`, `&&` and `||`. */
function readPlain(text: string): Plain {
  const commands: PlainCommand[] = [];
  let words: Word[] = [];
  let after = '';
  let touching = false;
  for (const [token, space, operator] of text.trim().matchAll(tokens)) {
    if (operator !== undefined) {
      if (words.length === 0) return unclear('It holds an operator with no command beside it.');
      commands.push({ after, assignments: [], words, redirections: [] });
      [words, after] = [[], operator];
    } else if (space === undefined) {
      if (touching || !plainWord.test(token)) return unclear('It holds a word that PowerShell may replace.');
      words.push({ raw: token, value: /^['"]/.test(token) ? token.slice(1, -1) : token, glob: false });
    }
    touching = space === undefined && operator === undefined;
  }
  if (words.length > 0) commands.push({ after, assignments: [], words, redirections: [] });
  const odd = commands.some((one) => isOdd(one.words[0]?.raw ?? ''));
  return odd ? unclear('Its first word means something else in PowerShell.') : { kind: 'plain', commands };
}

const tokens = /([ \t]+)|(\|\||&&|\||;)|'[^']*'|"[^"]*"|[^ \t|;&'"]+|[\s\S]/g;
const plainWord = /^([A-Za-z0-9_./\\:=+^~-][A-Za-z0-9_./\\:=+@^~-]*|'[^'’‘‚‛$`]*'|"[^"$`“”„]*")$/;

/** Aliases and words of PowerShell that bear the name of another program, and names in quotes. */
function isOdd(name: string): boolean {
  return !/^[A-Za-z0-9_.\\/-]+$/.test(name) || aliases.has(name.toLowerCase()) || /^-|^\d/.test(name);
}

const aliases: ReadonlySet<string> = new Set(
  'ac asnp cat cd chdir clc clear clhy cli clp cls clv cnsn compare copy cp cpi cpp curl cvpa dbp del diff dir dnsn ebp echo epal epcsv epsn erase etsn exsn fc fhx fl foreach ft fw gal gbp gc gci gcm gcs gdr ghy gi gin gjb gl gm gmo gp gps gpv group gsn gsnp gsv gtz gu gv gwmi h history icm iex ihy ii inmo ipal ipcsv ipmo ipsn irm ise iwmi iwr kill lp ls man md measure mi mount move mp mv nal ndr ni nmo npssc nsn nv ogv oh popd ps pushd pwd r rbp rcjb rcsn rd rdr ren ri rjb rm rmdir rmo rni rnp rp rsn rsnp rujb rv rvpa rwmi sajb sal saps sasv sbp sc scb select set shcm si sl sleep sls sort sp spjb spps spsv start stz sujb sv swmi tee trcm type wget where wjb write if else elseif switch while do until for return exit throw trap try catch finally function filter param process begin end data dynamicparam using class enum workflow parallel sequence inlinescript configuration break continue in find sort tree timeout expand time date env test comp more print'.split(
    ' ',
  ),
);
