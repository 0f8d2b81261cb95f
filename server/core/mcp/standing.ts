import type { McpPin, McpTool } from '../../protocol/mcp.ts';
import type { McpDefinition } from '../ports/mcp.ts';
import { definitionText } from './definition.ts';
import { calledName, foldedName, isPlainName } from './names.ts';
import { ownValue } from './ownValue.ts';

/** How a tool of a server stands to its pin. */
export interface ToolStanding {
  readonly definition: McpDefinition;
  /** The text whose digest this is. */
  readonly text: string;
  readonly digest: string;
  readonly called: string;
  readonly state: McpTool['state'];
}

/** What the tools of a server are held against. */
export interface Measure {
  readonly server: string;
  readonly pin: McpPin | undefined;
  /** Names of tools that are not this server's. */
  readonly taken: readonly string[];
  readonly digest: (text: string) => string;
}

/**
 * Holds what a server offers against what was approved (SECURITY S8). Only what is exactly as it was approved is
 * `pinned`; nothing that a tool says of itself counts for more.
 */
export function standingsOf(tools: readonly McpDefinition[], measure: Measure): ToolStanding[] {
  const { server, pin, digest } = measure;
  const taken = new Set(measure.taken.map(foldedName));
  const names = tools.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const folds = names.map(foldedName);
  const firsts = new Map(folds.map((folded, index) => [folded, index] as const).reverse());
  return tools.map((definition, index) => {
    const { name } = definition;
    const folded = folds[index] ?? '';
    const isTwice = twice.has(name);
    const isLike = firsts.get(folded) !== index;
    const text = definitionText(definition);
    const now = digest(text);
    const approved = ownValue(pin?.tools, name);
    const isShadow = isLike || taken.has(folded);
    const state = stateOf({ now, approved, isShadow, isTwice, isPlain: isPlainName(name) });
    return { definition, text, digest: now, called: calledName(server, name, digest), state };
  });
}

/** The tools that the first use of a server pins: all but those that a person must look at. */
export function firstPins(standings: readonly ToolStanding[]): Record<string, string> {
  return Object.fromEntries(
    standings
      .filter(({ state }) => state === 'new')
      .map(({ definition, digest }) => [definition.name, digest]),
  );
}

/** A name that hides something, or stands twice in one list, can be approved by nobody. */
function stateOf(at: {
  now: string;
  approved: string | undefined;
  isShadow: boolean;
  isTwice: boolean;
  isPlain: boolean;
}): McpTool['state'] {
  if (!at.isPlain || at.isTwice) return 'shadowed';
  if (at.approved !== undefined) return at.approved === at.now ? 'pinned' : 'changed';
  return at.isShadow ? 'shadowed' : 'new';
}
