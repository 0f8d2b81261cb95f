import type * as jsonc from 'jsonc-parser';
import { PolicyFile, PolicyRule } from '../../protocol/policy.ts';
import { type LinedFault, linedJson } from '../files/linedJson.ts';

/** What the text of a policy says: its good rules, and what is wrong; `lineOf` tells where a rule stands. */
export interface ParsedPolicy {
  readonly rules: readonly PolicyRule[];
  readonly faults: readonly LinedFault[];
  lineOf(rule: number): number;
}

/** Reads the text of a policy file, comments and trailing commas allowed. */
export function parsePolicy(text: string): ParsedPolicy {
  const json = linedJson(text);
  const lineOf = (rule: number) => json.lineOf(['rules', rule]);
  if (json.fault) return { rules: [], faults: [json.fault], lineOf };
  const twice = json.tree && repeatedKey(json.tree);
  const parsed = PolicyFile.safeParse(json.value);
  const issues = parsed.success ? [] : parsed.error.issues.slice(0, mostTold);
  const faults = [
    ...(twice
      ? [{ line: json.lineAt(twice.offset), message: `"${String(twice.value)}" stands there twice.` }]
      : []),
    ...issues.map((issue) => json.wrong(issue.path, `${issue.message}.`)),
  ];
  return { rules: parsed.success ? parsed.data.rules : goodOnes(json.value), faults, lineOf };
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
