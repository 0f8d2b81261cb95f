import * as z from 'zod';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { bad, failures, good } from '../../protocol/failure.ts';
import { deliver } from './files/deliver.ts';
import { readBytes } from './files/look.ts';
import { findSpot, wholeWorkspace } from './files/places.ts';
import { listSources } from './files/ripgrep.ts';
import { decode } from './files/textForm.ts';
import { languageOf } from './reports/languages.ts';
import { type Measured, statisticsOf } from './reports/statistics.ts';

const Input = z.strictObject({});

const largestCounted = 8 * 1024 * 1024;

/** Counts the files and lines of the workspace by language. */
export const workspaceStatistics = ({ rg }: { rg: string }): Tool<z.infer<typeof Input>> => ({
  name: 'workspace_statistics',
  description: 'Counts files and lines by language.',
  input: Input,
  needs: [{ permission: 'read', reason: 'Counts the files of the workspace and their lines.' }],
  repeatable: true,
  async plan(_input, context) {
    return good({
      title: 'Count files and lines',
      effects: [wholeWorkspace(context)],
      exactly: null,
      preview: null,
    });
  },
  async run(_input, _plan, context) {
    const { workspace, signal } = context;
    const sources = await listSources({ rg, workspace, folder: '.', signal });
    if (!sources.ok) return sources;
    const files: Measured[] = [];
    for (const [index, file] of sources.value.entries()) {
      if (signal.aborted) return bad(failures.cancelled('The count was stopped.'));
      if (index % 100 === 0) context.progress(index / sources.value.length, file);
      const measured = await measure(file, context);
      if (measured) files.push(measured);
    }
    const lines = files.reduce((sum, one) => sum + one.lines, 0);
    const languages = new Set(files.map((one) => one.language)).size;
    const bytes = Buffer.from(statisticsOf(files), 'utf8');
    const made = {
      type: 'document',
      title: 'Workspace statistics',
      files: [{ path: 'statistics.md', bytes }],
    };
    return good(await deliver({ ...made, facts: { counted: files.length, lines, languages } }, context));
  },
});

/** A file that cannot be read is passed over; a binary or huge one counts without lines. */
async function measure(file: string, context: ToolContext): Promise<Measured | null> {
  const spot = await findSpot(file, context);
  if (!spot.ok || spot.value.place !== 'workspace') return null;
  const read = await readBytes(spot.value, largestCounted);
  if (!read.ok || !read.value) return null;
  const { bytes } = read.value;
  const text = decode(bytes)?.text;
  if (text === undefined) return { file, size: bytes.length, lines: 0, language: 'Binary' };
  const lines = text.split('\n').length - (text === '' || text.endsWith('\n') ? 1 : 0);
  return { file, size: bytes.length, lines, language: languageOf(file) };
}
