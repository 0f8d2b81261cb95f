import * as jsonc from 'jsonc-parser';

/** What is wrong in a text, and on which of its lines. */
export interface LinedFault {
  readonly line: number;
  readonly message: string;
}

/** A text of JSON whose places know their lines. */
export interface LinedJson {
  /** Why it is no JSON; then its value counts for nothing. */
  readonly fault: LinedFault | null;
  readonly value: unknown;
  readonly tree: jsonc.Node | undefined;
  lineAt(offset: number): number;
  /** The line of a place, or of the nearest around it that is there. */
  lineOf(place: readonly PropertyKey[]): number;
  /** Says what is wrong at a place. */
  wrong(place: readonly PropertyKey[], what: string): LinedFault;
}

/** Reads a text that a person wrote, comments, trailing commas and a byte order mark allowed. */
export function linedJson(written: string): LinedJson {
  const text = written.replace(/^\uFEFF/, '');
  const errors: jsonc.ParseError[] = [];
  const tree = jsonc.parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const lineOf = (place: readonly PropertyKey[]) => (tree ? lineAt(nearestNode(tree, place).offset) : 1);
  const message = error && text.trim() !== '' ? `This is no JSON: ${wordsOf(error)}.` : 'The file is empty.';
  return {
    fault: error || !tree ? { line: lineAt(error?.offset ?? 0), message } : null,
    value: error || !tree ? undefined : jsonc.getNodeValue(tree),
    tree,
    lineAt,
    lineOf,
    wrong: (place, what) => ({
      line: lineOf(place),
      message: `${place.map(String).join('.') || 'The file'}: ${what}`,
    }),
  };
}

function wordsOf({ error }: jsonc.ParseError): string {
  return jsonc
    .printParseErrorCode(error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

function nearestNode(tree: jsonc.Node, place: readonly PropertyKey[]): jsonc.Node {
  for (let length = place.length; length > 0; length--) {
    const node = jsonc.findNodeAtLocation(tree, place.slice(0, length) as jsonc.JSONPath);
    if (node) return node;
  }
  return tree;
}
