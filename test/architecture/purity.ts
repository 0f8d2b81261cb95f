import { SyntaxKind } from 'typescript/unstable/ast';
import { isComment, type Token, tokensOf } from './tokens.ts';
import { type Breach, isTest, type Tree } from './tree.ts';

/** What protocol and core must take from a port instead: time, chance, network, disk, process, screen. */
const worldly: Readonly<Record<string, RegExp>> = {
  process: /^[.[]$/,
  Buffer: /^\.$/,
  globalThis: /^[.[]$/,
  console: /^\.$/,
  performance: /^\.$/,
  crypto: /^\.$/,
  setTimeout: /^\($/,
  setInterval: /^\($/,
  setImmediate: /^\($/,
  queueMicrotask: /^\($/,
  fetch: /^\($/,
};
const worldlyMembers: readonly (readonly [string, string])[] = [
  ['Date', 'now'],
  ['Math', 'random'],
  ['AbortSignal', 'timeout'],
];
const pure = ['server/protocol/', 'server/core/'];
const product = ['server/', 'extension/', 'webview/'];

/** Uses of the world by protocol and core, which have none. */
export function worldBreaches(tree: Tree): Breach[] {
  return within(tree, pure).flatMap(([file, code]) =>
    code.flatMap((token, index) => {
      const what = worldAt(code, index);
      return what ? [{ file, line: token.line, what: `uses ${what}; take it from a port` }] : [];
    }),
  );
}

/** Variables of a module that change, in the product: state without an owner (STYLE 8). */
export function moduleStateBreaches(tree: Tree): Breach[] {
  return within(tree, product).flatMap(([file, code]) => {
    const found: Breach[] = [];
    let depth = 0;
    for (const token of code) {
      if (openings.has(token.kind)) depth++;
      if (closings.has(token.kind)) depth--;
      if (depth === 0 && (token.kind === SyntaxKind.LetKeyword || token.kind === SyntaxKind.VarKeyword)) {
        found.push({ file, line: token.line, what: 'keeps state in a module-level variable' });
      }
    }
    return found;
  });
}

const openings: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.OpenBraceToken,
  SyntaxKind.OpenParenToken,
  SyntaxKind.OpenBracketToken,
]);
const closings: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.CloseBraceToken,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
]);

function within(tree: Tree, folders: readonly string[]): [string, Token[]][] {
  return [...tree]
    .filter(([file]) => folders.some((folder) => file.startsWith(folder)) && !isTest(file))
    .map(([file, text]) => [
      file,
      tokensOf(text, file.endsWith('.tsx')).filter((token) => !isComment(token.kind)),
    ]);
}

function worldAt(code: readonly Token[], index: number): string | null {
  const [before, token, after, member] = [code[index - 1], code[index], code[index + 1], code[index + 2]];
  if (!token || !after || before?.kind === SyntaxKind.DotToken) return null;
  if (token.kind !== SyntaxKind.Identifier) return null;
  if (before?.kind === SyntaxKind.NewKeyword && token.text === 'Date') {
    return member?.kind === SyntaxKind.CloseParenToken ? 'the time of day' : null;
  }
  const isMember = worldlyMembers.some(([of, name]) => token.text === of && member?.text === name);
  if (isMember && after.kind === SyntaxKind.DotToken) return `${token.text}.${member?.text}`;
  return Object.hasOwn(worldly, token.text) && worldly[token.text]?.test(after.text) ? token.text : null;
}
