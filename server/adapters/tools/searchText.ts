import * as z from 'zod';
import { looksSecret } from '../../core/policy/protections.ts';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { fileEffect, findSpot } from './files/places.ts';
import { listVisible, plainName, ripgrep, scope } from './files/ripgrep.ts';

const Input = z.strictObject({
  pattern: z.string().min(1).max(2000).describe('regex'),
  path: z.string().default('.'),
  glob: z.string().max(500).optional(),
  literal: z.boolean().default(false).describe('pattern is plain text'),
});
type Input = z.infer<typeof Input>;

/** One line that a search found. */
export interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const mostLines = 200;

/** Searches the text of the workspace's files. */
export const searchText = ({ rg }: { rg: string }): Tool<Input> => ({
  name: 'search_text',
  description: 'Searches files, ignored ones left out.',
  input: Input,
  needs: [{ permission: 'read', reason: 'Looks into the files of the workspace for the text.' }],
  repeatable: true,
  async plan({ path, pattern }, context) {
    const spot = await findSpot(path, context);
    if (!spot.ok) return spot;
    if (spot.value.place !== 'outside' && !spot.value.exists) return bad(nothingThere(spot.value.shown));
    return good({
      title: `Search for ${pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern}`,
      effects: [fileEffect('read', spot.value)],
      exactly: spot.value.path,
      preview: null,
    });
  },
  async run({ path, ...rest }, plan, context) {
    const spot = await findSpot(path, context);
    if (!spot.ok) return spot;
    const { shown, place } = spot.value;
    if (spot.value.path !== plan.exactly || place === 'outside') return bad(nothingThere(shown));
    const { workspace, signal } = context;
    const found = await search({
      rg,
      workspace,
      folder: shown,
      hidden: true,
      limit: mostLines,
      signal,
      ...rest,
    });
    if (!found.ok) return found;
    const lines = found.value.lines.map((one) => `${one.file}:${one.line}: ${one.text}`);
    if (found.value.cut) lines.push(`… more than ${mostLines} lines; narrow the search.`);
    if (found.value.withheld > 0)
      lines.push(`(${found.value.withheld} lines in files that may hold secrets withheld.)`);
    return good({ output: lines.join('\n') || 'Nothing found.' });
  },
});

/** A search, as tools ask for it. */
export interface Search {
  readonly rg: string;
  readonly workspace: string;
  readonly folder: string;
  readonly pattern: string;
  readonly glob?: string | undefined;
  readonly literal: boolean;
  readonly hidden: boolean;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Finds lines, in the order of files; lines of files that look like they hold secrets are counted, not shown. */
export async function search(
  asked: Search,
): Promise<Outcome<{ lines: Found[]; withheld: number; cut: boolean }>> {
  const visible = asked.glob ? await listVisible({ ...asked, limit: Number.POSITIVE_INFINITY }) : null;
  if (visible && !visible.ok) return visible;
  const allowed = visible && new Set(visible.value.files);
  const lines: Found[] = [];
  let withheld = 0;
  const ran = await ripgrep({
    rg: asked.rg,
    cwd: asked.workspace,
    signal: asked.signal,
    between: '\n',
    args: [
      '--line-number',
      '--no-heading',
      '--with-filename',
      '--null',
      '--max-columns=300',
      '--max-columns-preview',
      ...(asked.literal ? ['--fixed-strings'] : []),
      ...scope(asked),
      `--regexp=${asked.pattern}`,
      '--',
      `./${asked.folder}`,
    ],
    take: (answer) => {
      const found = parse(answer);
      if (!found || (allowed && !allowed.has(found.file))) return true;
      if (looksSecret(found.file)) withheld++;
      else if (lines.length >= asked.limit) return false;
      else lines.push(found);
      return true;
    },
  });
  return ran.ok ? good({ lines, withheld, cut: ran.value.cut }) : ran;
}

/** An answer has the form `file NUL line:text`. */
function parse(answer: string): Found | null {
  const end = answer.indexOf('\0');
  const colon = answer.indexOf(':', end);
  if (end < 0 || colon < 0) return null;
  const text = answer.slice(colon + 1).replace(/\r$/, '');
  return { file: plainName(answer.slice(0, end)), line: Number(answer.slice(end + 1, colon)), text };
}

function nothingThere(shown: string) {
  return failures.invalid('path', `"path": there is no ${shown} in the workspace.`, 'List the files first.');
}
