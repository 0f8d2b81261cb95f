import path from 'node:path';
import { watchFiles } from '../files/watchFiles.ts';

/** Watches the files of servers of workspace folders. */
export interface McpFilesWatch {
  /** Takes other folders in hand. */
  setFolders(folders: readonly string[]): void;
  close(): void;
}

/** Calls back when the file of servers of a folder comes, goes or changes; nothing of it is read or started here. */
export function watchMcpFiles(folders: readonly string[], changed: () => void): McpFilesWatch {
  const { set, close } = watchFiles(folders.map(fileIn), changed);
  return { setFolders: (next) => set(next.map(fileIn)), close };
}

function fileIn(folder: string): string {
  return path.join(folder, '.butler', 'mcp.json');
}
