import { posix } from 'node:path';
import type { Markdown, Parsed } from './markdown.ts';

/** One page of a site: where it came from and where it goes, relative paths with `/`. */
export interface Page {
  readonly source: string;
  readonly output: string;
  readonly title: string;
  readonly parsed: Parsed;
}

/** A source text of a site. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Whether a file becomes a page. */
export function isMarkdown(file: string): boolean {
  return /\.(md|markdown)$/i.test(file);
}

/** The pages of the sources in the order of the navigation; each gets an output of its own. */
export function pagesOf(sources: readonly Source[], folder: string, markdown: Markdown): Page[] {
  const taken = new Set<string>();
  const ordered = sources.toSorted((a, b) => rank(a.path) - rank(b.path) || byName(a.path, b.path));
  const pages = ordered.map(({ path, text }) => {
    const parsed = markdown.parse(text);
    const output = freeName(outputName(placeIn(folder, path)), placeIn(folder, path), taken);
    return { source: path, output, title: parsed.title?.trim() || posix.basename(path), parsed };
  });
  return pages.sort(
    (a, b) =>
      byName(posix.dirname(a.output), posix.dirname(b.output)) ||
      Number(isIndex(b.output)) - Number(isIndex(a.output)) ||
      byName(a.output, b.output),
  );
}

/** The path of a workspace file in a site made from `folder`; what lies beside that folder goes below `_files`. */
export function placeIn(folder: string, file: string): string {
  if (folder === '.') return file;
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : `_files/${file}`;
}

/** The address of one output seen from another, each name encoded. */
export function addressOf(from: string, to: string): string {
  const relative = posix.relative(posix.dirname(from), to) || posix.basename(to);
  return relative.split('/').map(encodeURIComponent).join('/');
}

/** In a folder, `index.md` is its page before `README.md` is. */
function rank(path: string): number {
  const name = posix.basename(path).toLowerCase();
  return name.startsWith('index.') ? 0 : name.startsWith('readme.') ? 1 : 2;
}

function outputName(path: string): string {
  const folder = posix.dirname(path);
  const name = posix.basename(path).replace(/\.(md|markdown)$/i, '');
  return posix.join(folder, /^(readme|index)$/i.test(name) ? 'index.html' : `${name}.html`);
}

function freeName(wanted: string, path: string, taken: Set<string>): string {
  let free = wanted;
  for (let number = 1; taken.has(free.toLowerCase()); number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    free = path.replace(/\.(md|markdown)$/i, `${suffix}.html`);
  }
  taken.add(free.toLowerCase());
  return free;
}

function isIndex(output: string): boolean {
  return posix.basename(output) === 'index.html';
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
