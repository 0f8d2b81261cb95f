import MarkdownIt from 'markdown-it';
import { letters, type Reach } from './bytes.ts';
import type { Findings } from './findings.ts';
import { follow, type SiteFiles } from './links.ts';
import { readPage } from './page.ts';
import type { TextFile } from './website.ts';

/** Characters of the longest Markdown that is looked at: hostile ones take the parser long. */
const longestMarkdown = 512 * 1024;
/** Characters of the longest line that is a title. */
const longestTitle = 120;

/** Looks at a document: that it is not empty, has a title, and that links to files lead to files of the deliverable. */
export function checkDocument({ path, text }: TextFile, files: SiteFiles, findings: Findings): void {
  if (text.trim() === '') {
    findings.add(path, 'it is empty', true);
    return;
  }
  const isMarkdown = /\.(md|markdown)$/i.test(path);
  if (isMarkdown && text.length > longestMarkdown)
    findings.add(path, 'it is too large to be looked at', false);
  else if (isMarkdown) checkMarkdown({ path, text }, files, findings);
  else if (/\.html?$/i.test(path) ? readPage(text).title === '' : firstLine(text).length > longestTitle) {
    findings.add(path, 'it has no title', true);
  }
}

/** The title of a plain text: the first line that says something. */
function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0]?.trim() ?? '';
}

/** Looks whether a PDF begins and ends as one. */
export async function checkPdf(path: string, file: Reach, findings: Findings): Promise<void> {
  const start = await file.read(0, 1024);
  const end = await file.read(Math.max(0, file.size - 2048), 2048);
  const has = (view: DataView, mark: string) => letters(view, 0, view.byteLength).includes(mark);
  if (!has(start, '%PDF-')) findings.add(path, 'it is no PDF', true);
  else if (!has(end, '%%EOF')) findings.add(path, 'it ends before it is whole', true);
}

function checkMarkdown({ path, text }: TextFile, files: SiteFiles, findings: Findings): void {
  const front = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text)?.[0] ?? '';
  const skipped = front.split('\n').length - 1;
  const tokens = new MarkdownIt().parse(text.slice(front.length), {});
  const hasTitle = /^title:\s*\S/m.test(front) || tokens.some(({ type }) => type === 'heading_open');
  if (!hasTitle) findings.add(path, 'it has no title', true);
  for (const block of tokens) {
    const line = (block.map?.[0] ?? 0) + 1 + skipped;
    for (const token of block.children ?? []) {
      const to = token.attrGet('href')?.toString() ?? token.attrGet('src')?.toString() ?? null;
      const aim = to === null ? null : follow(to, path, files);
      if (aim?.kind !== 'broken') continue;
      findings.add(path, `the link ${JSON.stringify(to?.slice(0, 200))} ${aim.why}`, true, line);
    }
  }
}
