import { realpath } from 'node:fs/promises';
import type { InitializeParams } from 'vscode-languageserver/node';
import { pathOf } from './documents.ts';

/** The workspace folders that a client opens with, by their real paths. */
export async function openFolders(params: InitializeParams): Promise<string[]> {
  const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
  return realPaths(uris);
}

/** The real paths of folders; a folder that is not there keeps the name that it was given. */
export async function realPaths(uris: readonly string[]): Promise<string[]> {
  const paths = uris.flatMap((uri) => pathOf(uri) ?? []);
  return Promise.all(paths.map((path) => realpath(path).catch(() => path)));
}
