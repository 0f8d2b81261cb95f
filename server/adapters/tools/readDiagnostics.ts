import * as z from 'zod';
import { looksSecret } from '../../core/policy/protections.ts';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good } from '../../protocol/failure.ts';
import { inWorkspace } from './files/inWorkspace.ts';
import { fileEffect, findSpot, wholeWorkspace } from './files/places.ts';

const Input = z.strictObject({ path: z.string().optional() });

/** The most that is told at once. */
const most = 200;

/** Tells what the editor's language servers find wrong: errors first. */
export const readDiagnostics: Tool<z.infer<typeof Input>> = {
  name: 'read_diagnostics',
  description: 'Lists errors and warnings that the editor finds.',
  input: Input,
  needs: [
    { permission: 'editor', reason: 'To ask your editor what it finds wrong.' },
    { permission: 'read', reason: 'Its messages tell of files in the workspace.' },
  ],
  repeatable: true,
  async plan({ path }, context) {
    const spot = path === undefined ? null : await findSpot(path, context);
    if (spot && !spot.ok) return spot;
    return good({
      title: `Ask the editor what is wrong${spot ? ` in ${spot.value.shown}` : ''}`,
      effects: [spot ? fileEffect('read', spot.value) : wholeWorkspace(context)],
      exactly: spot?.value.path ?? null,
      preview: null,
    });
  },
  async run(_input, plan, context) {
    if (context.signal.aborted) return bad(failures.cancelled('The editor was not asked.'));
    const { insight } = context.editor ?? {};
    if (!insight) return bad(noEditor);
    const path = typeof plan.exactly === 'string' ? plan.exactly : null;
    const told = await insight.diagnostics(path, context.signal);
    if (!told.ok) return told;
    const placed = inWorkspace(context);
    const lines: { rank: number; line: string }[] = [];
    for (const { path: file, line, column, severity, message, source } of told.value) {
      const shown = await placed(file);
      if (shown === null || (path === null && looksSecret(shown))) continue;
      const by = source ? ` [${source}]` : '';
      const words = message.replace(/\s+/g, ' ').slice(0, 500);
      lines.push({ rank: ranks[severity], line: `${shown}:${line}:${column} ${severity}${by} ${words}` });
    }
    if (lines.length === 0)
      return good({ output: 'The editor finds nothing wrong in what it has looked at.' });
    const sorted = lines.sort((one, other) => one.rank - other.rank).map(({ line }) => line);
    const rest = sorted.length > most ? `\n… and ${sorted.length - most} more; name a path.` : '';
    return good({ output: sorted.slice(0, most).join('\n') + rest });
  },
};

const ranks = { error: 0, warning: 1, information: 2, hint: 3 } as const;

/** The failure where no editor tells what it knows. */
export const noEditor = failures.tool('No editor is there to ask.', 'Read the files themselves.');
