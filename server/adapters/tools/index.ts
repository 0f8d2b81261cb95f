import type { Tool } from '../../core/ports/tool.ts';
import { askPerson } from './askPerson.ts';
import { assembleVideo } from './assembleVideo.ts';
import { buildSite } from './buildSite.ts';
import type { CommandParts } from './commands/parts.ts';
import { commit } from './commit.ts';
import { deleteFile } from './deleteFile.ts';
import { editFile } from './editFile.ts';
import { fetchPage } from './fetchPage.ts';
import { findSymbols } from './findSymbols.ts';
import { listFiles } from './listFiles.ts';
import { makeImage } from './makeImage.ts';
import { makeSpeech } from './makeSpeech.ts';
import { makeVideo } from './makeVideo.ts';
import type { Makers } from './media/place.ts';
import { moveFile } from './moveFile.ts';
import { processesTool } from './processes.ts';
import { publish } from './publish.ts';
import { readDiagnostics } from './readDiagnostics.ts';
import { readFile } from './readFile.ts';
import { readGit } from './readGit.ts';
import { readOutput } from './readOutput.ts';
import { releaseNotes } from './releaseNotes.ts';
import { runCommand } from './runCommand.ts';
import { saveDeliverable } from './saveDeliverable.ts';
import { searchText } from './searchText.ts';
import { switchBranch } from './switchBranch.ts';
import { todoReport } from './todoReport.ts';
import { workspaceStatistics } from './workspaceStatistics.ts';
import { writeFile } from './writeFile.ts';

/** What the tools want from outside. */
interface NativeParts {
  /** The path of ripgrep's binary. */
  readonly rg: string;
  readonly commands?: CommandParts;
  /** Whether videos are put together here, where ffmpeg is. */
  readonly assembly?: boolean;
  /** Whether the editor tells what its language servers know. */
  readonly insight?: boolean;
  /** Where pictures, speech and videos are made. */
  readonly makers?: Makers;
}

/** Every built-in tool: a new one is one file and one word here. */
export const tools = (native: NativeParts): readonly Tool[] => [
  listFiles(native),
  searchText(native),
  readFile,
  readOutput,
  writeFile,
  editFile,
  deleteFile,
  moveFile,
  saveDeliverable,
  publish,
  buildSite(native),
  releaseNotes,
  todoReport(native),
  workspaceStatistics(native),
  readGit,
  commit,
  switchBranch,
  fetchPage(),
  askPerson,
  ...(native.insight ? [readDiagnostics, findSymbols] : []),
  ...(native.makers ? [makeImage(native.makers), makeSpeech(native.makers), makeVideo(native.makers)] : []),
  ...(native.commands ? [runCommand(native.commands), processesTool(native.commands.processes)] : []),
  ...(native.commands && native.assembly ? [assembleVideo(native.commands)] : []),
];
