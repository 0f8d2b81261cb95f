import { lookup } from 'mrmime';
import type { ToolContext, ToolResult } from '../../../core/ports/tool.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';

/** A file of a deliverable before it lies in the store. */
export interface MadeFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a tool made, ready to be saved. */
export interface Made {
  readonly type: string;
  readonly title: string;
  readonly files: readonly MadeFile[];
  /** What the output says besides id, title and files; kept as metadata too. */
  readonly facts: Record<string, string | number | string[]>;
}

/**
 * Puts the files into the store and answers with a deliverable to save. The output is JSON, so that a later
 * step of a plan can take `deliverable` from it. The id follows from the execution: done again, it is the same.
 */
export async function deliver(made: Made, context: ToolContext): Promise<ToolResult> {
  const id = `${context.execution}-made`.slice(-64);
  const files: DeliverableFile[] = [];
  for (const { path, bytes } of made.files) {
    files.push({ path, digest: await context.blobs.put(bytes), size: bytes.length, mime: mimeOf(path) });
  }
  const title = made.title.slice(0, 200) || 'Untitled';
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return {
    output: JSON.stringify({ deliverable: id, title, files: files.length, size, ...made.facts }),
    deliverable: { id, type: made.type, title, files, metadata: made.facts },
  };
}

function mimeOf(path: string): string {
  if (path.endsWith('.md')) return 'text/markdown; charset=utf-8';
  const found = lookup(path) ?? 'application/octet-stream';
  return found.startsWith('text/') ? `${found}; charset=utf-8` : found;
}
