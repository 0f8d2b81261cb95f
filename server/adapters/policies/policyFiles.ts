import path from 'node:path';
import type { PolicyFiles } from '../../core/ports/policyFiles.ts';
import { fileMark, localFileMark } from '../files/fileMark.ts';
import { type FileWatch, watchFiles } from '../files/watchFiles.ts';
import { changePolicyFile } from './changePolicyFile.ts';
import { type PolicyPlace, type ReadPolicy, readPolicy } from './readPolicy.ts';

/** The policy files of the machine, the person and the workspace folders, read anew only after they changed. */
export interface WatchedPolicyFiles extends PolicyFiles {
  /** Calls back after a file was changed by anyone; returns the way to stop. */
  onChange(listener: () => void): () => void;
  /** Takes other folders in hand. */
  setFolders(folders: readonly string[]): void;
  close(): Promise<void>;
}

/** Where the owner of a machine puts rules that nobody below can widen. */
export function managedPolicyFile(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (platform === 'darwin') return '/Library/Application Support/virtual-butler/policy.json';
  if (platform !== 'win32') return '/etc/virtual-butler/policy.json';
  const programData = environment.SystemDrive ? `${environment.SystemDrive}\\ProgramData` : 'C:\\ProgramData';
  return path.win32.join(programData, 'virtual-butler', 'policy.json');
}

/** Opens the files; those that are not there hold no rules, and are looked for each time. */
export function openPolicyFiles(options: {
  readonly managedFile: string;
  readonly userFile: string;
  readonly folders: readonly string[];
}): WatchedPolicyFiles {
  const managed: PolicyPlace = { source: 'managed', file: options.managedFile };
  const user: PolicyPlace = { source: 'user', file: options.userFile };
  const listeners = new Set<() => void>();
  const contentOf = rereader();
  let inHand = [...options.folders];
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const allFiles = () => [managed.file, user.file, ...inHand.map(fileIn)];
  let watching: FileWatch | null = null;
  return {
    of: async (workspace) => {
      const all = await Promise.all([managed, user, placeIn(workspace)].map(contentOf));
      const [machine, person, folder] = all.map(({ layer }) => layer);
      if (!machine || !person || !folder) throw new Error('A policy is missing.');
      return { managed: machine, user: person, workspace: folder };
    },
    states: async () => {
      const all = await Promise.all([managed, user, ...inHand.map(placeIn)].map(contentOf));
      return all.map(({ state }) => state);
    },
    change: async (change) => {
      const changed = await changePolicyFile(user.file, change);
      if (changed.ok) tell();
      return changed;
    },
    onChange: (listener) => {
      listeners.add(listener);
      watching ??= watchFiles(allFiles(), tell);
      return () => listeners.delete(listener);
    },
    setFolders: (next) => {
      inHand = [...next];
      watching?.set(allFiles());
      tell();
    },
    close: async () => watching?.close(),
  };
}

/** Reads a file anew when it is another one by its mark; a folder of work may lie on another machine. */
function rereader(): (place: PolicyPlace) => Promise<ReadPolicy> {
  const cache = new Map<string, { readonly mark: string; readonly content: ReadPolicy }>();
  return async (place) => {
    const far = place.source === 'workspace';
    const mark = far ? await fileMark(place.file) : localFileMark(place.file);
    const cached = cache.get(place.file);
    if (cached?.mark === mark) return cached.content;
    const content = await readPolicy(place);
    cache.set(place.file, { mark, content });
    return content;
  };
}

function placeIn(folder: string): PolicyPlace {
  return { source: 'workspace', file: fileIn(folder), within: folder };
}

function fileIn(folder: string): string {
  return path.join(folder, '.butler', 'policy.json');
}
