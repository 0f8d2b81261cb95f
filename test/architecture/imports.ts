import { SyntaxKind } from 'typescript/unstable/ast';
import { isComment, isString, type Token, tokensOf } from './tokens.ts';

/** One place where a file names another module, in whatever way. */
export interface Import {
  /** The module as it is written; `null` where a dynamic import computes it. */
  readonly specifier: string | null;
  readonly line: number;
  /** `export … from`, which only registries may use. */
  readonly reExport: boolean;
}

/** Every module that a source text names: static, type-only, side-effect, dynamic, in a type, re-exported, required, referenced. */
export function importsOf(text: string, jsx = false): Import[] {
  const all = tokensOf(text, jsx);
  const tokens = all.filter((token) => !isComment(token.kind));
  return [...references(all), ...tokens.flatMap((_, index) => importAt(tokens, index) ?? [])];
}

function importAt(tokens: readonly Token[], index: number): Import | null {
  const token = tokens[index];
  if (!token || tokens[index - 1]?.kind === SyntaxKind.DotToken) return null;
  switch (token.kind) {
    case SyntaxKind.ImportKeyword:
      return afterImport(tokens, index);
    case SyntaxKind.ExportKeyword:
      return afterExport(tokens, index);
    default:
      return token.text === 'require' ? called(tokens, index) : null;
  }
}

function afterImport(tokens: readonly Token[], index: number): Import | null {
  const next = tokens[index + 1];
  if (!next || next.kind === SyntaxKind.DotToken) return null;
  if (next.kind === SyntaxKind.OpenParenToken) return called(tokens, index);
  if (isString(next.kind)) return { specifier: next.text, line: next.line, reExport: false };
  return fromClause(tokens, index, false);
}

function afterExport(tokens: readonly Token[], index: number): Import | null {
  const typed = tokens[index + 1]?.kind === SyntaxKind.TypeKeyword ? 1 : 0;
  const opening = tokens[index + 1 + typed];
  if (opening?.kind === SyntaxKind.AsteriskToken) return fromClause(tokens, index, true);
  if (opening?.kind !== SyntaxKind.OpenBraceToken) return null;
  const closing = tokens.findIndex((token, at) => at > index && token.kind === SyntaxKind.CloseBraceToken);
  if (tokens[closing + 1]?.kind !== SyntaxKind.FromKeyword) return null;
  return fromClause(tokens, closing, true);
}

function fromClause(tokens: readonly Token[], index: number, reExport: boolean): Import | null {
  for (let at = index + 1; at < tokens.length; at++) {
    const token = tokens[at];
    const next = tokens[at + 1];
    if (token?.kind === SyntaxKind.SemicolonToken) return null;
    if (token?.kind === SyntaxKind.FromKeyword && next && isString(next.kind)) {
      return { specifier: next.text, line: next.line, reExport };
    }
  }
  return null;
}

function called(tokens: readonly Token[], index: number): Import | null {
  const [, opening, argument] = tokens.slice(index, index + 3);
  if (opening?.kind !== SyntaxKind.OpenParenToken || !argument) return null;
  return { specifier: isString(argument.kind) ? argument.text : null, line: argument.line, reExport: false };
}

function references(tokens: readonly Token[]): Import[] {
  return tokens.flatMap((token) => {
    const found = /^\/\/\/\s*<reference\s+(?:path|types)=["']([^"']+)["']/.exec(token.text);
    return found ? [{ specifier: found[1] ?? null, line: token.line, reExport: false }] : [];
  });
}
