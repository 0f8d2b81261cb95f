import { revealed } from '../../protocol/reveal.ts';
import { compareTexts } from '../deliverables.ts';
import { changedLines } from './changedLines.ts';
import { exitCodes } from './exitCodes.ts';
import { printJson, printLine, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

/** Says which files of two versions differ, or in which lines one file does. */
export function compare(
  { file, ...options }: CommonOptions & { file?: string },
  [id = '', before]: readonly string[],
): Promise<number> {
  return withButler(options, async (butler) => {
    const compared = await compareTexts(butler, { id, before, path: file });
    if (!compared.ok) return tellFailure(options, compared.failure);
    const { files, unchanged, texts } = compared.value;
    if (options.json) printJson(compared.value);
    else if (file === undefined) {
      printTable(files.map(({ change, path, before: old, after }) => [change, sizes(old, after), path]));
      printLine(`${files.length} differ, ${unchanged} do not.`);
    } else if (!texts) printLine(`${revealed(file)} is no text, or too long to be compared.`);
    else {
      const lines = changedLines(texts.before ?? '', texts.after ?? '');
      for (const line of lines.length > 0 ? lines : [`${revealed(file)} does not differ.`]) printLine(line);
    }
    return exitCodes.done;
  });
}

function sizes(old: { size: number } | null, now: { size: number } | null): string {
  return `${old?.size ?? '-'} → ${now?.size ?? '-'} bytes`;
}
