import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good } from '../../protocol/failure.ts';
import { attachedText, readAttached } from './files/attached.ts';
import { blindPlan } from './files/change.ts';
import { look, movedAway } from './files/look.ts';
import { findSpot } from './files/places.ts';
import { underAllNames } from './files/rulingLinks.ts';

const Input = z.strictObject({
  path: z.string(),
  from: z.int().min(1).default(1).describe('first line'),
  lines: z.int().min(1).max(2000).default(600),
});

/** A little less than what a model is told whole, so that nothing is cut twice. */
const longestOutput = 23_000;
const longestLine = 2000;

/** Reads lines of a text file and names the version that a later change must give. */
export const readFile: Tool<z.infer<typeof Input>> = {
  name: 'read_file',
  description: 'Reads lines of a text file, numbered, and its version.',
  input: Input,
  needs: [{ permission: 'read', reason: 'Reads the file that the agent asks for.' }],
  repeatable: true,
  async plan({ path, from }, context) {
    const attached = readAttached(path, context, 'path');
    if (attached && !attached.ok) return attached;
    if (attached) return good({ title: `Read ${path}`, effects: [], exactly: path, preview: null });
    const spot = await findSpot(path, context);
    if (!spot.ok) return spot;
    const named = await underAllNames(spot.value, context, 'read');
    return good(blindPlan('Read', 'read', named, from > 1 ? ` from line ${from}` : ''));
  },
  async run({ path, from, lines }, plan, context) {
    const attached = readAttached(path, context, 'path');
    if (attached) {
      const text = attached.ok ? await attachedText(attached.value, context) : attached;
      return text.ok ? good({ output: told({ shown: path, text: text.value, from, lines }) }) : text;
    }
    const spot = await findSpot(path, context);
    if (!spot.ok) return spot;
    if (spot.value.path !== plan.exactly || spot.value.place === 'outside') return bad(movedAway(spot.value));
    const seen = await look(spot.value, context);
    if (!seen.ok) return seen;
    if (!seen.value) return bad(noFile(spot.value.shown));
    const { text, version } = seen.value;
    return good({ output: told({ shown: spot.value.shown, text, version, from, lines }) });
  },
};

/** The lines of a window under a line that says which they are; what is attached has no version, for nothing changes it. */
function told(read: {
  readonly shown: string;
  readonly text: string;
  readonly version?: string;
  readonly from: number;
  readonly lines: number;
}): string {
  const { shown, text, from, lines } = read;
  const version = read.version === undefined ? '' : `, version ${read.version}`;
  const all = text.split('\n');
  const total = text.endsWith('\n') || text === '' ? all.length - 1 : all.length;
  if (from > total) return `${shown} has ${total} lines${version}`;
  const window = cutWindow(all.slice(0, total), from, lines);
  const note = window.last < total ? `\n… cut; read on from line ${window.last + 1}.` : '';
  return `${shown}, lines ${from} to ${window.last} of ${total}${version}\n${window.text}${note}`;
}

function cutWindow(all: readonly string[], from: number, lines: number): { text: string; last: number } {
  const shown: string[] = [];
  let size = 0;
  let last = from - 1;
  for (const [index, line] of all.slice(from - 1, from - 1 + lines).entries()) {
    const plain = line.replace(/\r$/, '');
    const cut =
      plain.length > longestLine ? `${plain.slice(0, longestLine)}… (${plain.length} characters)` : plain;
    size += cut.length + 8;
    if (size > longestOutput && shown.length > 0) break;
    shown.push(`${from + index}\t${cut}`);
    last = from + index;
  }
  return { text: shown.join('\n'), last };
}

function noFile(shown: string) {
  return failures.invalid('path', `"path": there is no file ${shown}.`, 'Look for its name with list_files.');
}
