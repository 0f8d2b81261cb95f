import { setImmediate as otherWork } from 'node:timers/promises';
import type { Findings } from './findings.ts';
import { follow, type SiteFiles } from './links.ts';
import { type Link, type Page, readPage } from './page.ts';
import { stylesheetLinks } from './stylesheet.ts';

/** A text file of a deliverable. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Looks at pages and stylesheets: whether they are as they should be, and whether every link of theirs leads somewhere. */
export async function checkWebsite(
  texts: AsyncIterable<TextFile>,
  files: SiteFiles,
  findings: Findings,
  signal: AbortSignal,
): Promise<void> {
  const pages = new Map<string, Pick<Page, 'ids' | 'links' | 'base'>>();
  for await (const { path, text } of texts) {
    if (/\.css$/i.test(path)) {
      pages.set(path, { ids: new Set(), links: stylesheetLinks(text), base: null });
      continue;
    }
    const page = readPage(text);
    pages.set(path, page);
    if (page.title === '') findings.add(path, 'the page has no title', true);
    for (const { line, what, severe } of page.faults) findings.add(path, what, severe, line);
  }
  if (!files.has('index.html') && !files.has('index.htm')) {
    findings.add(
      undefined,
      'there is no index.html, so that nothing is shown at the root of the site',
      false,
    );
  }
  for (const [path, { links, base }] of pages) {
    await otherWork();
    if (signal.aborted) return;
    for (const link of links) checkLink(path, link, base, { pages, files, findings });
  }
}

function checkLink(
  from: string,
  { to, line }: Link,
  base: string | null,
  site: {
    readonly pages: ReadonlyMap<string, Pick<Page, 'ids'>>;
    readonly files: SiteFiles;
    readonly findings: Findings;
  },
): void {
  const aim = follow(to, from, site.files, base);
  const shown = JSON.stringify(to.slice(0, 200));
  if (aim.kind === 'broken') site.findings.add(from, `the link ${shown} ${aim.why}`, true, line);
  if (aim.kind !== 'file' || aim.anchor === '' || aim.anchor === 'top') return;
  const ids = site.pages.get(aim.path)?.ids;
  if (!ids || /\.css$/i.test(aim.path) || ids.has(aim.anchor) || aim.anchor.startsWith(':~:')) return;
  site.findings.add(from, `the link ${shown} leads to no place on its page`, true, line);
}
