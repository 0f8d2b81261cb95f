import { posix } from 'node:path';
import type { Resolve, Resolved } from './markdown.ts';
import { addressOf, isMarkdown, type Page, placeIn } from './pages.ts';

/** All that links of a site may lead to. */
export interface Surroundings {
  readonly folder: string;
  readonly pages: ReadonlyMap<string, Page>;
  /** The page that stands for a folder, by the folder's path. */
  readonly folderPages: ReadonlyMap<string, string>;
  /** Workspace files that may be copied into the site. */
  readonly files: ReadonlySet<string>;
}

/** What following the links brought to light. */
export interface Findings {
  /** Workspace files that must be copied, each with its place in the site. */
  readonly assets: Map<string, string>;
  /** Links that lead nowhere, in words. */
  readonly problems: string[];
}

/** Makes the function that resolves the links of one page and notes what it finds. */
export function resolver(page: Page, around: Surroundings, findings: Findings): Resolve {
  return (href, kind) => {
    const scheme = /^([a-z][a-z0-9+.-]*):/i
      .exec(href.replace(/[\p{Cc}\s]|%0[0-9a-f]/giu, ''))?.[1]
      ?.toLowerCase();
    if (scheme) return external(href, scheme, kind, page, findings);
    if (/^([\\/]|%5c){2}/i.test(href)) return nowhere(page, href, 'has no scheme', findings);
    const [, path = '', anchor = ''] = /^([^?#]*)(?:\?[^#]*)?#?(.*)$/s.exec(href) ?? [];
    if (path === '') return inPage(page, page, anchor, href, findings);
    const target = locate(plain(path), page, around);
    const to = target && around.pages.get(target);
    if (to) return inPage(page, to, anchor, href, findings);
    if (target === null || !around.files.has(target)) return nowhere(page, href, 'leads nowhere', findings);
    const output = placeIn(around.folder, target);
    findings.assets.set(target, output);
    return { href: addressOf(page.output, output) + (anchor ? `#${anchor}` : ''), remote: false };
  };
}

const linkSchemes = new Set(['http', 'https', 'mailto']);

function external(
  href: string,
  scheme: string,
  kind: 'link' | 'image',
  page: Page,
  findings: Findings,
): Resolved | null {
  const isPicture = /^data:image\/(png|gif|jpeg|webp);base64,[a-z0-9+/=%]+$/i.test(href);
  if (kind === 'image' && isPicture) return { href, remote: false };
  if (linkSchemes.has(scheme)) return { href, remote: true };
  return nowhere(page, href, 'has a scheme that is not safe', findings);
}

function inPage(from: Page, to: Page, anchor: string, href: string, findings: Findings): Resolved {
  const known = anchor === '' || to.parsed.anchors.has(plain(anchor)) || anchor === 'top';
  if (!known) nowhere(from, href, 'names a heading that is not there', findings);
  const address = from === to && anchor !== '' ? '' : addressOf(from.output, to.output);
  return {
    href: address + (known && anchor !== '' ? `#${anchor}` : '') || addressOf(from.output, to.output),
    remote: false,
  };
}

/** The workspace file or page that a path means, as GitHub reads it: from the page, or from the root with `/`. */
function locate(path: string, page: Page, around: Surroundings): string | null {
  const base = path.startsWith('/') ? '.' : posix.dirname(page.source);
  const target = posix.join(base, path).replace(/\/$/, '') || '.';
  if (target === '..' || target.startsWith('../')) return null;
  const candidates = [
    target,
    `${target}.md`,
    around.folderPages.get(target),
    posix.join(target, 'index.html'),
  ];
  return candidates.find((one) => one !== undefined && isThere(one, around)) ?? null;
}

/** A Markdown file counts as its page only, never as a file to copy. */
function isThere(file: string, around: Surroundings): boolean {
  return around.pages.has(file) || (!isMarkdown(file) && around.files.has(file));
}

function nowhere(page: Page, href: string, why: string, findings: Findings): null {
  findings.problems.push(`${page.source}: the link to "${href.slice(0, 200)}" ${why}`);
  return null;
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
