import { lookup } from 'mrmime';
import type { ToolContext, ToolResult } from '../../../core/ports/tool.ts';
import type { DeliverableFile, DeliverableFinding } from '../../../protocol/deliverable.ts';

/** A file of a deliverable with its bytes, or with the digest under which they lie in the store already. */
export type MadeFile = { readonly path: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly digest: string; readonly size: number }
);

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
  for (const file of made.files) {
    const { path } = file;
    const { digest, size } =
      'digest' in file ? file : { digest: await context.blobs.put(file.bytes), size: file.bytes.length };
    files.push({ path, digest, size, mime: mimeOf(path) });
  }
  const title = made.title.slice(0, 200) || 'Untitled';
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const { check } = await import('../../deliverables/check.ts');
  const { findings, media } = await check({ type: made.type, files }, context.blobs, context.signal);
  const looked = media.length > 0 ? { media } : {};
  const told = findings.length > 0 ? { findings: findings.slice(0, mostTold).map(findingLine) } : {};
  return {
    output: JSON.stringify({ deliverable: id, title, files: files.length, size, ...made.facts, ...told }),
    deliverable: { id, type: made.type, title, files, metadata: { ...made.facts, ...looked }, findings },
  };
}

/** Source code that tables of media types do not know, or take for something else. */
const source =
  /\.([cm]?tsx?|jsx|py|rb|rs|go|java|kt|swift|c|h|cc|cpp|hpp|cs|php|sh|bash|ps1|sql|lua|pl|r|scala|vue|svelte|toml|srt)$/i;

/** Findings that the agent is told of; a person sees them all. */
const mostTold = 20;

/** A finding as a line. */
export function findingLine({ file, line, what }: DeliverableFinding): string {
  if (file === undefined) return what;
  return `${file}${line === undefined ? '' : `:${line}`}: ${what}`;
}

/** The media type that the name of a file stands for. */
export function mimeOf(path: string): string {
  if (path.endsWith('.md')) return 'text/markdown; charset=utf-8';
  if (source.test(path)) return 'text/plain; charset=utf-8';
  const found = lookup(path) ?? 'application/octet-stream';
  return found.startsWith('text/') ? `${found}; charset=utf-8` : found;
}
