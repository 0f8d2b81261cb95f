import { posix } from 'node:path';
import type { MadeFile } from '../files/deliver.ts';
import { type Findings, resolver } from './links.ts';
import { createMarkdown } from './markdown.ts';
import { type Page, pagesOf, type Source } from './pages.ts';
import { style } from './style.ts';
import { contentsHtml, pageHtml, styleName } from './template.ts';

/** What a site is made of. */
export interface SiteSources {
  /** The folder whose Markdown becomes pages, `.` for the workspace. */
  readonly folder: string;
  /** A title, or `null` to take that of the first page. */
  readonly title: string | null;
  /** The workspace's own name, where nothing else gives a title. */
  readonly fallback: string;
  readonly sources: readonly Source[];
  /** Files that pages may link to. */
  readonly files: ReadonlySet<string>;
}

/** A site before its linked files are copied. */
export interface Site extends Findings {
  readonly title: string;
  readonly files: readonly MadeFile[];
  readonly pages: number;
}

/** Makes the pages of a site; pure, so that the same sources give the same bytes. */
export function makeSite({ folder, title, fallback, sources, files }: SiteSources): Site {
  const markdown = createMarkdown();
  const made = pagesOf(sources, folder, markdown);
  const first = made.find((page) => page.output === 'index.html');
  const name = title ?? first?.title ?? fallback;
  const contents: Page | null = first ? null : contentsPage(name);
  const pages = contents ? [contents, ...made] : made;
  const findings: Findings = { assets: new Map(), problems: [] };
  const folderPages = made
    .filter((page) => posix.basename(page.output) === 'index.html')
    .map((page) => [posix.dirname(page.source), page.source] as const);
  const around = {
    folder,
    files,
    pages: new Map(made.map((page) => [page.source, page])),
    folderPages: new Map(folderPages),
  };
  const htmlFiles = pages.map((page) => {
    const content =
      page === contents
        ? contentsHtml(made, name)
        : markdown.render(page.parsed, resolver(page, around, findings));
    return { path: page.output, bytes: Buffer.from(pageHtml(page, content, { title: name, pages }), 'utf8') };
  });
  const css = { path: styleName, bytes: Buffer.from(style, 'utf8') };
  dropCollisions(findings, new Set([styleName, ...htmlFiles.map((file) => file.path.toLowerCase())]));
  return { title: name, files: [...htmlFiles, css], pages: made.length, ...findings };
}

function contentsPage(title: string): Page {
  const parsed = { title, anchors: new Set<string>(), tokens: [], env: {} };
  return { source: 'the list of pages', output: 'index.html', title, parsed };
}

/** A linked file whose place a page has taken is left out, and said. */
function dropCollisions({ assets, problems }: Findings, taken: Set<string>): void {
  for (const [source, output] of assets) {
    const fault = taken.has(output.toLowerCase());
    taken.add(output.toLowerCase());
    if (!fault) continue;
    assets.delete(source);
    problems.push(`${source}: a page or file named ${posix.basename(output)} stands in its place`);
  }
}
