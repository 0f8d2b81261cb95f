import { EventEmitter, once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Connection, TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import * as z from 'zod';
import type { Editor } from '../core/ports/tool.ts';

const Identifier = z.object({ uri: z.string() });
const Opened = z.object({
  textDocument: z.object({ uri: z.string(), languageId: z.string(), version: z.number(), text: z.string() }),
});
const Position = z.object({ line: z.int().nonnegative(), character: z.int().nonnegative() });
const Changed = z.object({
  textDocument: z.object({ uri: z.string(), version: z.number() }),
  contentChanges: z.array(
    z.object({ range: z.object({ start: Position, end: Position }).optional(), text: z.string() }),
  ),
});
const Closed = z.object({ textDocument: Identifier });

/** The documents that the client has open, by path, kept in step by its notifications. */
export interface Documents extends Editor {
  get(path: string): TextDocument | null;
  opened(params: unknown): void;
  changed(params: unknown): void;
  closed(params: unknown): void;
}

/** Keeps the client's open documents and edits them through `workspace/applyEdit` with change annotations. */
export function openDocuments(connection: Connection, annotations: boolean): Documents {
  const byPath = new Map<string, TextDocument>();
  /** The path by which the client knows a file, by the real one, where links lead to it. */
  const knownAs = new Map<string, string>();
  const heard = new EventEmitter();
  const find = (path: string) => byPath.get(path) ?? byPath.get(knownAs.get(path) ?? '');
  return {
    get: (path) => find(path) ?? null,
    opened: (params) => {
      const { uri, languageId, version, text } = Opened.parse(params).textDocument;
      const path = pathOf(uri);
      if (!path) return;
      byPath.set(path, TextDocument.create(uri, languageId, version, text));
      realpath(path).then(
        (real) => knownAs.set(real, path),
        () => undefined,
      );
    },
    changed: (params) => {
      const { textDocument, contentChanges } = Changed.parse(params);
      const path = pathOf(textDocument.uri);
      const document = path ? byPath.get(path) : undefined;
      if (!path || !document) return;
      const changes = contentChanges as TextDocumentContentChangeEvent[];
      byPath.set(path, TextDocument.update(document, changes, textDocument.version));
      heard.emit(textDocument.uri);
    },
    closed: (params) => {
      const path = pathOf(Closed.parse(params).textDocument.uri);
      if (path) byPath.delete(path);
    },
    openText: (path) => find(path)?.getText() ?? null,
    applyText: async (path, text, label) => {
      const document = find(path);
      if (!document) return false;
      const range = smallestRange(document, text);
      const id = 'butler';
      const edit = { range: range.range, newText: range.text, ...(annotations ? { annotationId: id } : {}) };
      const { uri, version } = document;
      const answer = await connection.workspace.applyEdit({
        label,
        edit: {
          documentChanges: [{ textDocument: { uri, version }, edits: [edit] }],
          ...(annotations ? { changeAnnotations: { [id]: { label, needsConfirmation: false } } } : {}),
        },
      });
      // The client tells of its own change, before its answer or after it.
      if (answer.applied && find(path)?.getText() !== text) await told(heard, uri);
      return answer.applied;
    },
  };
}

/** How long a client may take to tell of a change that it made, in ms. */
const patience = 1000;

/** Resolves when the client told of a change, or when it does not. */
async function told(heard: EventEmitter, uri: string): Promise<void> {
  await once(heard, uri, { signal: AbortSignal.timeout(patience) }).catch(() => undefined);
}

/** The path of a `file:` URI; `null` for documents that are no files. */
export function pathOf(uri: string): string | null {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : null;
  } catch {
    return null;
  }
}

/** The `file:` URI of a path. */
export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/** The one range that differs, so that cursors and marks elsewhere stay where they are. */
function smallestRange(document: TextDocument, text: string) {
  const before = document.getText();
  const most = Math.min(before.length, text.length);
  let head = 0;
  while (head < most && before[head] === text[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  return {
    range: { start: document.positionAt(head), end: document.positionAt(before.length - tail) },
    text: text.slice(head, text.length - tail),
  };
}
