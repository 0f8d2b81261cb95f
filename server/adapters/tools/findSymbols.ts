import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good } from '../../protocol/failure.ts';
import { inWorkspace } from './files/inWorkspace.ts';
import { fileEffect, findSpot, wholeWorkspace } from './files/places.ts';
import { noEditor } from './readDiagnostics.ts';

const Input = z
  .strictObject({ query: z.string().default('').describe('like a name'), path: z.string().optional() })
  .refine(({ query, path }) => path !== undefined || query.trim() !== '', {
    message: 'a name or a path is needed',
    path: ['query'],
  });

/** The most that is told at once. */
const most = 300;

/** Tells where symbols are, as the editor's language servers know them. */
export const findSymbols: Tool<z.infer<typeof Input>> = {
  name: 'find_symbols',
  description: 'Finds symbols by name, or lists those of a file.',
  input: Input,
  needs: [
    { permission: 'editor', reason: 'To ask your editor where something is defined.' },
    { permission: 'read', reason: 'It tells of files in the workspace.' },
  ],
  repeatable: true,
  async plan({ query, path }, context) {
    const spot = path === undefined ? null : await findSpot(path, context);
    if (spot && !spot.ok) return spot;
    const words = query.replace(/\s+/g, ' ').trim().slice(0, 100);
    return good({
      title: `Ask the editor for symbols${words ? ` like ${words}` : ''}${spot ? ` in ${spot.value.shown}` : ''}`,
      effects: [spot ? fileEffect('read', spot.value) : wholeWorkspace(context)],
      exactly: spot?.value.path ?? null,
      preview: null,
    });
  },
  async run({ query }, plan, context) {
    if (context.signal.aborted) return bad(failures.cancelled('The editor was not asked.'));
    const { insight } = context.editor ?? {};
    if (!insight) return bad(noEditor);
    const path = typeof plan.exactly === 'string' ? plan.exactly : null;
    const told = await insight.symbols({ path, query: query.trim() }, context.signal);
    if (!told.ok) return told;
    const placed = inWorkspace(context);
    const like = query.trim().toLowerCase();
    const lines: string[] = [];
    for (const { name, kind, container, path: file, line, column } of told.value) {
      const shown = await placed(file);
      if (shown === null || (path !== null && !name.toLowerCase().includes(like))) continue;
      lines.push(
        `${name.slice(0, 200)} (${kind}${container ? ` in ${container.slice(0, 200)}` : ''}) ${shown}:${line}:${column}`,
      );
    }
    if (lines.length === 0) return good({ output: 'The editor knows no such symbol.' });
    const rest = lines.length > most ? `\n… and ${lines.length - most} more; ask for a longer name.` : '';
    return good({ output: lines.slice(0, most).join('\n') + rest });
  },
};
