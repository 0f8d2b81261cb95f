import { posix } from 'node:path';
import { addressOf, type Page } from './pages.ts';

/** The name of the style sheet in a site. */
export const styleName = 'site.css';

/** One whole page: navigation, content and where it came from. */
export function pageHtml(
  page: Page,
  content: string,
  site: { title: string; pages: readonly Page[] },
): string {
  const title = page.title === site.title ? site.title : `${page.title} · ${site.title}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Virtual Butler">
<title>${html(title)}</title>
<link rel="stylesheet" href="${addressOf(page.output, styleName)}">
</head>
<body>
<a class="skip" href="#butler-main">Skip to the content</a>
<div class="frame">
<nav aria-label="Pages">
<p class="site">${entryTo(page, site.pages[0] ?? page, site.title)}</p>
${navigation(page, site.pages)}
</nav>
<main id="butler-main">
${content}</main>
</div>
<footer><p>Made from ${html(page.source)}</p></footer>
</body>
</html>
`;
}

/** A page that stands in for the first one where no Markdown file is it. */
export function contentsHtml(pages: readonly Page[], title: string): string {
  const items = pages.map(
    (page) => `<li><a href="${addressOf('index.html', page.output)}">${html(page.title)}</a></li>`,
  );
  return `<h1>${html(title)}</h1>\n<ul>\n${items.join('\n')}\n</ul>\n`;
}

/** The first page stands under the site's title already; the groups hold the others, by folder. */
function navigation(current: Page, [, ...others]: readonly Page[]): string {
  const groups = Map.groupBy(others, (page) => posix.dirname(page.output));
  const lists = [...groups].map(([folder, group]) => {
    const items = group.map((page) => `<li>${entryTo(current, page, page.title)}</li>`);
    const heading = folder === '.' ? '' : `<p class="folder">${html(folder)}</p>\n`;
    return `${heading}<ul>\n${items.join('\n')}\n</ul>`;
  });
  return lists.join('\n');
}

function entryTo(current: Page, page: Page, words: string): string {
  const here = page === current ? ' aria-current="page"' : '';
  return `<a href="${addressOf(current.output, page.output)}"${here}>${html(words)}</a>`;
}

function html(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => names[sign] ?? sign);
}
