import * as jsonc from 'jsonc-parser';
import { PolicyFile, PolicyRule } from '../../protocol/policy.ts';

/** What is wrong in a file, with its line. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** What the text of a policy says: its good rules, and what is wrong; `lineOf` tells where a rule stands. */
export interface ParsedPolicy {
  readonly rules: readonly PolicyRule[];
  readonly faults: readonly Problem[];
  lineOf(rule: number): number;
}

/** Reads the text of a policy file, comments and trailing commas allowed. */
export function parsePolicy(text: string): ParsedPolicy {
  const errors: jsonc.ParseError[] = [];
  const tree = jsonc.parseTree(text, errors, { allowTrailingComma: true });
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const lineOf = (rule: number) => (tree ? lineAt(nearestNode(tree, ['rules', rule]).offset) : 1);
  const error = errors[0];
  if (error || !tree) {
    const message = error ? `JSON: ${jsonc.printParseErrorCode(error.error)}.` : 'The file is empty.';
    return { rules: [], faults: [{ line: lineAt(error?.offset ?? 0), message }], lineOf };
  }
  const twice = repeatedKey(tree);
  const value: unknown = jsonc.getNodeValue(tree);
  const parsed = PolicyFile.safeParse(value);
  const issues = parsed.success ? [] : parsed.error.issues.slice(0, mostTold);
  const faults = [
    ...(twice
      ? [{ line: lineAt(twice.offset), message: `"${String(twice.value)}" stands there twice.` }]
      : []),
    ...issues.map((issue) => ({
      line: lineAt(nearestNode(tree, issue.path as jsonc.JSONPath).offset),
      message: `${issue.path.map(String).join('.') || 'The file'}: ${issue.message}.`,
    })),
  ];
  return { rules: parsed.success ? parsed.data.rules : goodOnes(value), faults, lineOf };
}

/** The most faults that are told of at once. */
const mostTold = 20;

/** The rules of a faulty file that are whole by themselves, so that one slip undoes no other. */
function goodOnes(value: unknown): readonly PolicyRule[] {
  const rules = (value as { rules?: unknown } | null)?.rules;
  if (!Array.isArray(rules)) return [];
  return rules.slice(0, 1000).flatMap((rule: unknown) => {
    const parsed = PolicyRule.safeParse(rule);
    return parsed.success ? [parsed.data] : [];
  });
}

/** A name that an object has twice: a reader sees one of them, a machine the other. */
function repeatedKey(node: jsonc.Node): jsonc.Node | null {
  const children = node.children ?? [];
  if (node.type === 'object') {
    const seen = new Set<unknown>();
    for (const property of children) {
      const key = property.children?.[0];
      if (key && seen.has(key.value)) return key;
      seen.add(key?.value);
    }
  }
  for (const child of children) {
    const found = repeatedKey(child);
    if (found) return found;
  }
  return null;
}

function nearestNode(tree: jsonc.Node, at: jsonc.JSONPath): jsonc.Node {
  for (let length = at.length; length > 0; length--) {
    const node = jsonc.findNodeAtLocation(tree, at.slice(0, length));
    if (node) return node;
  }
  return tree;
}
