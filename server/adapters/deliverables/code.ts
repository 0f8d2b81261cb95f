import { Script } from 'node:vm';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { Findings } from './findings.ts';
import type { TextFile } from './website.ts';

/** Whether a file of this name can be parsed; of others only conflicts are looked for. */
export function isParsed(path: string): boolean {
  return /\.(jsonc?|webmanifest|geojson|map|c?js)$/i.test(path);
}

/**
 * Looks whether a file of code parses: JSON, and JavaScript that is no module; nothing of it runs. Answers whether it
 * was parsed at all.
 */
export function checkCode({ path, text }: TextFile, findings: Findings): boolean {
  const conflict = conflictIn(text);
  if (conflict !== null) findings.add(path, 'a conflict of a merge was left in it', true, conflict);
  if (!isParsed(path)) return false;
  if (/\.c?js$/i.test(path)) return checkScript({ path, text }, findings);
  const isLoose = /\.jsonc$/i.test(path) || /(^|\/)([jt]sconfig[^/]*|\.vscode\/[^/]+)\.json$/i.test(path);
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: !isLoose, allowTrailingComma: isLoose });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.add(path, 'it is nested too deep to be read', true);
  }
  const [first] = errors;
  if (first) {
    const what = `it is no JSON: ${printParseErrorCode(first.error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ')}`;
    findings.add(path, what, true, lineOf(text, first.offset));
  }
  return true;
}

/** What only a module may say; a script that says it is one, and modules are not parsed. */
const module = /import statement|'import\.meta'|token 'export'|await is only valid|identifier 'import'/;

function checkScript({ path, text }: TextFile, findings: Findings): boolean {
  try {
    new Script(text, { filename: 'script.js' });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    if (!(error instanceof Error) || error.name !== 'SyntaxError') throw error;
    if (module.test(error.message)) return false;
    const line = Number(/^script\.js:(\d+)/.exec(error.stack ?? '')?.[1] ?? 1);
    findings.add(path, `it does not parse: ${error.message}`, true, line);
    return true;
  }
}

/** The line at which two versions stand one after the other, as a merge leaves them. */
function conflictIn(text: string): number | null {
  if (!text.includes('<<<<<<< ')) return null;
  let begun: number | null = null;
  let isHalf = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('<<<<<<< ')) [begun, isHalf] = [index + 1, false];
    else if (line.trimEnd() === '=======') isHalf = begun !== null;
    else if (isHalf && line.startsWith('>>>>>>> ')) return begun;
  }
  return null;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
