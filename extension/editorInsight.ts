import { realpath } from 'node:fs/promises';
import {
  commands,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentSymbol,
  languages,
  type SymbolInformation,
  SymbolKind,
  Uri,
  workspace,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type EditorSymbol,
  findSymbols,
  readDiagnostics,
  type Diagnostic as Told,
} from '../server/protocol/editor.ts';

/** The most that is told of one question. */
const most = 2000;

/** Tells the worker what the editor's language servers know. */
export function lendInsight(client: LanguageClient): void {
  client.onRequest(readDiagnostics.method, async (params: unknown) => ({
    diagnostics: await diagnosticsOf(readDiagnostics.params.parse(params).path),
  }));
  client.onRequest(findSymbols.method, async (params: unknown) => {
    const { path, query } = findSymbols.params.parse(params);
    return { symbols: path === null ? await symbolsLike(query) : await symbolsIn(path) };
  });
}

/** What the editor finds wrong in a file by its real path, or in all that it has looked at; errors first. */
export async function diagnosticsOf(path: string | null): Promise<Told[]> {
  const found: Told[] = [];
  for (const [uri, list] of languages.getDiagnostics()) {
    if (uri.scheme !== 'file' || list.length === 0) continue;
    if (path !== null && (await realPath(uri.fsPath)) !== path) continue;
    found.push(...list.map((one) => toldOf(uri, one)));
  }
  const rank = ({ severity }: Told) => severities.indexOf(severity);
  return found.sort((one, other) => rank(one) - rank(other)).slice(0, most);
}

/** The symbols of one file by its real path, outer ones before those within. */
export async function symbolsIn(path: string): Promise<EditorSymbol[]> {
  const uri = await uriOf(path);
  await workspace.openTextDocument(uri);
  const found = await commands.executeCommand<(DocumentSymbol | SymbolInformation)[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    uri,
  );
  return (found ?? []).flatMap((one) => flat(one, uri, '')).slice(0, most);
}

/** The symbols of the workspace whose names are like a word, as the language servers understand that. */
export async function symbolsLike(query: string): Promise<EditorSymbol[]> {
  const found = await commands.executeCommand<SymbolInformation[] | undefined>(
    'vscode.executeWorkspaceSymbolProvider',
    query,
  );
  return (found ?? [])
    .filter(({ location }) => location.uri.scheme === 'file')
    .slice(0, most)
    .flatMap((one) => flat(one, one.location.uri, ''));
}

function toldOf(uri: Uri, { range, severity, message, source = '' }: Diagnostic): Told {
  return {
    path: uri.fsPath,
    ...placeOf(range.start),
    severity: bySeverity[severity],
    message: message.slice(0, 2000),
    source: source.slice(0, 100),
  };
}

const severities = ['error', 'warning', 'information', 'hint'] as const;
const bySeverity: Readonly<Record<DiagnosticSeverity, Told['severity']>> = {
  [DiagnosticSeverity.Error]: 'error',
  [DiagnosticSeverity.Warning]: 'warning',
  [DiagnosticSeverity.Information]: 'information',
  [DiagnosticSeverity.Hint]: 'hint',
};

/** A symbol, and those within it, named by what they are in. */
function flat(symbol: DocumentSymbol | SymbolInformation, uri: Uri, outer: string): EditorSymbol[] {
  const named = { name: symbol.name, kind: SymbolKind[symbol.kind]?.toLowerCase() ?? '', path: uri.fsPath };
  if (!('children' in symbol)) {
    return [{ ...named, container: symbol.containerName, ...placeOf(symbol.location.range.start) }];
  }
  const own = { ...named, container: outer, ...placeOf(symbol.selectionRange.start) };
  const inner = outer === '' ? symbol.name : `${outer}.${symbol.name}`;
  return [own, ...symbol.children.flatMap((child) => flat(child, uri, inner))];
}

function placeOf({ line, character }: { line: number; character: number }) {
  return { line: line + 1, column: character + 1 };
}

/** The address under which the editor has a file open, where links lead to it; else its own. */
async function uriOf(path: string): Promise<Uri> {
  for (const { uri } of workspace.textDocuments) {
    if (uri.scheme === 'file' && (await realPath(uri.fsPath)) === path) return uri;
  }
  return Uri.file(path);
}

function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
