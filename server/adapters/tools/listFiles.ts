import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good } from '../../protocol/failure.ts';
import { fileEffect, findSpot } from './files/places.ts';
import { listVisible } from './files/ripgrep.ts';

const Input = z.strictObject({
  path: z.string().default('.').describe('folder'),
  glob: z.string().max(500).optional().describe('as *.ts or src/**'),
});

const longestList = 1000;

/** Lists the files of the workspace that no ignore file hides. */
export const listFiles = ({ rg }: { rg: string }): Tool<z.infer<typeof Input>> => ({
  name: 'list_files',
  description: 'Lists files, ignored ones left out.',
  input: Input,
  needs: [{ permission: 'read', reason: 'Shows the names of the files in the workspace.' }],
  repeatable: true,
  async plan({ path }, context) {
    const spot = await findSpot(path, context);
    if (!spot.ok) return spot;
    if (spot.value.place !== 'outside' && !spot.value.exists) return bad(noFolder(spot.value.shown));
    const title = `List ${spot.value.shown === '.' ? 'files' : spot.value.shown}`;
    return good({
      title,
      effects: [fileEffect('read', spot.value)],
      exactly: spot.value.path,
      preview: null,
    });
  },
  async run({ path, glob }, plan, context) {
    const spot = await findSpot(path, context);
    if (!spot.ok) return spot;
    if (spot.value.path !== plan.exactly || spot.value.place === 'outside')
      return bad(noFolder(spot.value.shown));
    const listed = await listVisible({
      rg,
      workspace: context.workspace,
      folder: spot.value.shown,
      glob,
      hidden: true,
      limit: longestList,
      signal: context.signal,
    });
    if (!listed.ok) return listed;
    const { files, cut } = listed.value;
    const note = cut ? `\n… more than ${longestList}; narrow it by path or glob.` : '';
    return good({ output: files.length > 0 ? files.join('\n') + note : 'No files.' });
  },
});

function noFolder(shown: string) {
  return failures.invalid(
    'path',
    `"path": there is no folder ${shown} in the workspace.`,
    'List its parent folder.',
  );
}
