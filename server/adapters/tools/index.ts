import type { Tool } from '../../core/ports/tool.ts';
import { buildSite } from './buildSite.ts';
import { editFile } from './editFile.ts';
import { listFiles } from './listFiles.ts';
import { publish } from './publish.ts';
import { readFile } from './readFile.ts';
import { readOutput } from './readOutput.ts';
import { releaseNotes } from './releaseNotes.ts';
import { saveDeliverable } from './saveDeliverable.ts';
import { searchText } from './searchText.ts';
import { todoReport } from './todoReport.ts';
import { workspaceStatistics } from './workspaceStatistics.ts';
import { writeFile } from './writeFile.ts';

/** Every built-in tool: a new one is one file and one word here. `rg` is the path of ripgrep's binary. */
export const tools = (native: { readonly rg: string }): readonly Tool[] => [
  listFiles(native),
  searchText(native),
  readFile,
  readOutput,
  writeFile,
  editFile,
  saveDeliverable,
  publish,
  buildSite(native),
  releaseNotes,
  todoReport(native),
  workspaceStatistics(native),
];
