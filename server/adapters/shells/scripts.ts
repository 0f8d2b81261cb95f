import type { Node, Parser } from '@vscode/tree-sitter-wasm';
import { type Engine, startEngine } from './treeSitter.ts';

/** Characters of the longest script that is read, and ms that it may take. */
const longest = 256 * 1024;
const longestReading = 3_000;

/** The languages whose scripts are read. */
export type ScriptLanguage = 'bash' | 'python';

/** Where a script is not what its grammar reads, as far as the line is known; `none` where it is not read here. */
export type ScriptFault = { readonly line: number | null } | 'none' | null;

/**
 * Makes a reader of scripts by the grammar of their language, which is loaded with the first and where it is here; `null` for a
 * script that it reads. The grammar of bash does not read a place in three of a hundred that bash reads, that of Python in one
 * of some thousand and in what is newer than Python 3.12; this one reads Python 2 too, and sees little of a broken indentation.
 */
export function createScriptReader(): (language: ScriptLanguage, text: string) => Promise<ScriptFault> {
  let engine: Engine | null = null;
  return async (language, text) => {
    if (text.length > longest) return 'none';
    engine ??= startEngine();
    const parser = await engine.parser(`tree-sitter-${language}`).catch(() => null);
    return parser ? read(parser, text) : 'none';
  };
}

function read(parser: Parser, text: string): ScriptFault {
  const end = performance.now() + longestReading;
  const tree = parser.parse(text, null, { progressCallback: () => performance.now() > end });
  parser.reset();
  const fault = tree ? faultOf(tree.rootNode) : 'none';
  tree?.delete();
  return fault;
}

function faultOf(root: Node): ScriptFault {
  if (!root.hasError) return null;
  let node = root;
  // Of a fault from the very beginning on, that beginning says nothing; one within it may.
  while (!(node.isError || node.isMissing) || node.startIndex === 0) {
    const next = node.children.find((one) => one?.isError || one?.isMissing || one?.hasError);
    if (!next) break;
    node = next;
  }
  return { line: node.startIndex === 0 ? null : node.startPosition.row + 1 };
}
