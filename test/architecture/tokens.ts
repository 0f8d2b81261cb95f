import { createScanner, LanguageVariant, SyntaxKind } from 'typescript/unstable/ast';

/** One token of a source text; comments are tokens too. */
export interface Token {
  readonly kind: SyntaxKind;
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Reads TypeScript into tokens with the compiler's own scanner, so that strings, comments, regular expressions and templates are told apart. */
export function tokensOf(text: string, jsx = false): Token[] {
  const scanner = createScanner(false, jsx ? LanguageVariant.JSX : LanguageVariant.Standard, text);
  const tokens: Token[] = [];
  const braces: ('template' | 'block')[] = [];
  let before: SyntaxKind = SyntaxKind.Unknown;
  let line = 1;
  let counted = 0;
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    if (isSlash(kind) && !endsOperand(before)) kind = scanner.reScanSlashToken();
    if (kind === SyntaxKind.CloseBraceToken && braces.pop() === 'template') {
      kind = scanner.reScanTemplateToken(false);
      if (kind === SyntaxKind.TemplateMiddle) braces.push('template');
    }
    if (kind === SyntaxKind.OpenBraceToken) braces.push('block');
    if (kind === SyntaxKind.TemplateHead) braces.push('template');
    const start = scanner.getTokenStart();
    while (counted < start) if (text.charCodeAt(counted++) === 10) line++;
    if (isBlank(kind)) continue;
    tokens.push({ kind, text: isString(kind) ? scanner.getTokenValue() : scanner.getTokenText(), line });
    if (!isComment(kind)) before = kind;
  }
  return tokens;
}

/** Whether the token is a comment. */
export function isComment(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.SingleLineCommentTrivia || kind === SyntaxKind.MultiLineCommentTrivia;
}

/** Whether the token is a string whose whole value is known. */
export function isString(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.StringLiteral || kind === SyntaxKind.NoSubstitutionTemplateLiteral;
}

function isBlank(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.WhitespaceTrivia || kind === SyntaxKind.NewLineTrivia;
}

function isSlash(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken;
}

const operandEnds: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  SyntaxKind.SuperKeyword,
  SyntaxKind.NullKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.LessThanToken,
]);

/** Whether a slash after this token divides; `<` counts, since `</` closes an element of a page. */
function endsOperand(kind: SyntaxKind): boolean {
  return operandEnds.has(kind);
}
