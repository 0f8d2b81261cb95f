import { SyntaxKind } from 'typescript/unstable/ast';
import { isComment, type Token, tokensOf } from './tokens.ts';
import { type Breach, edgesOf, isTest, type Tree } from './tree.ts';

/** The longest that a file may be, in lines (STYLE 12). */
export const longestFile = 250;

const roleNames = /(^|[a-z])(utils?|helpers?|managers?|services?)$/i;
const fileName = /^[a-z][A-Za-z0-9]*(\.(test|golden|d))?\.(ts|tsx|mjs)$/;
const silencers = /@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable/;
const suites: ReadonlySet<string> = new Set(['it', 'describe', 'context', 'specify']);
const promises = /^[\s/*]*(TODO|FIXME|XXX|HACK)\b/m;

/** Files that are too long. */
export function lengthBreaches(tree: Tree): Breach[] {
  return [...tree].flatMap(([file, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > longestFile ? [{ file, line: lines, what: `is longer than ${longestFile} lines` }] : [];
  });
}

/** Files and folders named after a role, or not in camel case. */
export function nameBreaches(tree: Tree): Breach[] {
  return [...tree.keys()].flatMap((file) => {
    const parts = file.split('/');
    const role = parts.find((part) => roleNames.test(part.replace(/\..*$/, '')));
    if (role) return [{ file, line: 1, what: `is named after a role: ${role}` }];
    return fileName.test(parts.at(-1) ?? '') ? [] : [{ file, line: 1, what: 'is not named in camel case' }];
  });
}

/** Words that our source must not hold: `any`, silenced checks, promises to do it later, tests switched off or alone. */
export function wordBreaches(tree: Tree): Breach[] {
  return [...tree].flatMap(([file, text]) => {
    const tokens = tokensOf(text, file.endsWith('.tsx'));
    const code = tokens.filter((token) => !isComment(token.kind));
    return [
      ...tokens.flatMap((token) => commentBreach(token)),
      ...code.flatMap((_, index) => codeBreach(code, index, isTest(file))),
    ].map(({ line, what }) => ({ file, line, what }));
  });
}

/** Files besides registries that hand on what is another file's. */
export function exportBreaches(tree: Tree): Breach[] {
  return edgesOf(tree)
    .filter((edge) => edge.reExport && !edge.from.endsWith('/index.ts'))
    .map(({ from, line }) => ({ file: from, line, what: 're-exports, which only an index.ts may' }));
}

type Found = Pick<Breach, 'line' | 'what'>;

function commentBreach(token: Token): Found[] {
  if (!isComment(token.kind)) return [];
  if (silencers.test(token.text)) return [{ line: token.line, what: 'silences a check' }];
  return promises.test(token.text) ? [{ line: token.line, what: 'promises to do it later' }] : [];
}

function codeBreach(code: readonly Token[], index: number, test: boolean): Found[] {
  const [before, token, after, name] = [code[index - 1], code[index], code[index + 1], code[index + 2]];
  if (!token) return [];
  if (token.kind === SyntaxKind.AnyKeyword && isType(before, after)) {
    return [{ line: token.line, what: 'says any' }];
  }
  const switched = test && suites.has(token.text) && after?.kind === SyntaxKind.DotToken && name;
  return switched && /^(only|skip)$/.test(name.text)
    ? [{ line: token.line, what: `uses .${name.text}` }]
    : [];
}

const beforeTypes: ReadonlySet<string> = new Set([
  ':',
  'as',
  'is',
  '<',
  '|',
  '&',
  '=>',
  'extends',
  'keyof',
  'satisfies',
]);
const behindTypes: ReadonlySet<string> = new Set([
  ';',
  ',',
  ')',
  '>',
  '[',
  '|',
  '&',
  '=',
  '}',
  '{',
  '=>',
  ']',
]);

/** Whether a word between these two stands where a type does; a variable may well be called `any`. */
function isType(before: Token | undefined, after: Token | undefined): boolean {
  if (before?.text === ',') return after?.text === '>';
  return beforeTypes.has(before?.text ?? '') && (!after || behindTypes.has(after.text));
}
