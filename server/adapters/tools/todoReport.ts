import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { good } from '../../protocol/failure.ts';
import { deliver } from './files/deliver.ts';
import { wholeWorkspace } from './files/places.ts';
import { listSources } from './files/ripgrep.ts';
import { asPlainText } from './reports/commits.ts';
import { type Found, search } from './searchText.ts';

const Input = z.strictObject({ glob: z.string().max(500).optional() });

const mostNotes = 5000;

/** Makes a report of the TODO and FIXME notes in the workspace. */
export const todoReport = ({ rg }: { rg: string }): Tool<z.infer<typeof Input>> => ({
  name: 'todo_report',
  description: 'Makes a report of TODO and FIXME notes.',
  input: Input,
  needs: [{ permission: 'read', reason: 'Looks into the files of the workspace for notes.' }],
  repeatable: true,
  async plan(_input, context) {
    return good({
      title: 'Collect TODO and FIXME',
      effects: [wholeWorkspace(context)],
      exactly: null,
      preview: null,
    });
  },
  async run({ glob }, _plan, context) {
    const place = { rg, workspace: context.workspace, folder: '.', signal: context.signal, glob };
    const sources = await listSources(place);
    if (!sources.ok) return sources;
    const found = await search({
      ...place,
      pattern: String.raw`\b(TODO|FIXME)\b`,
      literal: false,
      hidden: false,
      limit: mostNotes,
    });
    if (!found.ok) return found;
    const counted = new Set(sources.value);
    const notes = found.value.lines.filter((one) => counted.has(one.file));
    const files = new Set(notes.map((one) => one.file)).size;
    const title = 'TODO report';
    const bytes = Buffer.from(reportOf(notes, files, found.value.cut), 'utf8');
    const made = { type: 'document', title, files: [{ path: 'todo-report.md', bytes }] };
    return good(await deliver({ ...made, facts: { notes: notes.length, inFiles: files } }, context));
  },
});

function reportOf(notes: readonly Found[], files: number, cut: boolean): string {
  if (notes.length === 0) return '# TODO report\n\nThere is no TODO and no FIXME.\n';
  const groups = Map.groupBy(notes, (one) => one.file);
  const urgent = notes.filter((one) => /\bFIXME\b/.test(one.text)).length;
  const more = cut ? ` Only the first ${mostNotes} are listed.` : '';
  const head = `${notes.length} notes in ${files} files, ${urgent} of them FIXME.${more}`;
  const sections = [...groups].map(
    ([file, lines]) =>
      `## ${asPlainText(file)}\n\n${lines.map((one) => `- [ ] line ${one.line}: ${wordsOf(one)}`).join('\n')}\n`,
  );
  return [`# TODO report\n`, `${head}\n`, ...sections].join('\n');
}

/** The note itself, without what opens or closes a comment around it. */
function wordsOf({ text }: Found): string {
  const at = text.search(/\b(TODO|FIXME)\b/);
  const note = text.slice(Math.max(at, 0)).replace(/\s*(\*\/|-->|#\})\s*$/, '');
  return asPlainText(note.trim());
}
