import type { Node, Parser } from '@vscode/tree-sitter-wasm';
import type { ShellName, ShellParser, SyntaxNode } from '../../core/ports/shell.ts';
import { type Grammar, grammarProgram } from './grammars.ts';

/** Beyond these no command is read: bytes of text, depth of nesting, nodes, and milliseconds of reading. */
export const readingLimits = { bytes: 65_536, depth: 200, nodes: 50_000, time: 500 } as const;

/** The grammars; `cmd` has none. */
const grammars: Readonly<Partial<Record<ShellName, Grammar>>> = {
  bash: 'tree-sitter-bash',
  powershell: 'tree-sitter-powershell',
};

/** Reads commands by tree-sitter's grammars, which are loaded with the first command. */
export function createShellParser(): ShellParser {
  let engine: Engine | null = null;
  return {
    async parse(shell, text) {
      const grammar = grammars[shell];
      if (!grammar) return null;
      if (Buffer.byteLength(text) > readingLimits.bytes) return unreadable;
      engine ??= startEngine();
      const used = engine;
      try {
        return treeOf(await used.parser(grammar), text);
      } catch {
        if (engine === used) engine = null;
        return unreadable;
      }
    },
  };
}

/** The running parser; after a fault nothing of it is used any more. */
export interface Engine {
  parser(grammar: Grammar): Promise<Parser>;
}

/** Starts an engine, which loads each grammar once. */
export function startEngine(): Engine {
  const started = start();
  const parsers = new Map<Grammar, Promise<Parser>>();
  const load = async (grammar: Grammar): Promise<Parser> => {
    const { Language, Parser } = await started;
    return new Parser().setLanguage(await Language.load(await grammarProgram(grammar)));
  };
  return {
    parser(grammar) {
      const parser = parsers.get(grammar) ?? load(grammar);
      parsers.set(grammar, parser);
      return parser;
    },
  };
}

async function start() {
  const { default: treeSitter } = await import('@vscode/tree-sitter-wasm');
  const options: InitOptions = {
    wasmBinary: await grammarProgram('tree-sitter'),
    locateFile: (file) => file,
  };
  await treeSitter.Parser.init(options);
  return treeSitter;
}

/** What the engine may be started with; its types leave out the program as bytes. */
interface InitOptions {
  readonly wasmBinary: Uint8Array;
  locateFile(file: string): string;
}

/** Stands for what could not be read within the limits. */
const unreadable: SyntaxNode = {
  type: 'ERROR',
  text: '',
  field: null,
  named: true,
  broken: true,
  children: [],
};

function treeOf(parser: Parser, text: string): SyntaxNode {
  const end = performance.now() + readingLimits.time;
  parser.reset();
  const tree = parser.parse(text, null, { progressCallback: () => performance.now() > end });
  if (!tree) return unreadable;
  try {
    const root = tree.rootNode;
    if (root.hasError || root.descendantCount > readingLimits.nodes) return unreadable;
    return nodeOf(root, null, readingLimits.depth) ?? unreadable;
  } finally {
    tree.delete();
  }
}

/** A node as plain data; `null` where it nests too deep. */
function nodeOf(node: Node, field: string | null, depth: number): SyntaxNode | null {
  if (depth === 0) return null;
  const children: SyntaxNode[] = [];
  for (const [index, child] of node.children.entries()) {
    const name = node.children.length > 64 ? null : node.fieldNameForChild(index);
    const plain = child && nodeOf(child, name, depth - 1);
    if (!plain) return null;
    children.push(plain);
  }
  const broken = node.isError || node.isMissing;
  return { type: node.type, text: node.text, field, named: node.isNamed, broken, children };
}
