import path from 'node:path';

/** What a link within a deliverable leads to. */
export type Aim =
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'file'; readonly path: string; readonly anchor: string }
  | { readonly kind: 'broken'; readonly why: string };

/** The files that links may lead to. */
export interface SiteFiles {
  has(path: string): boolean;
  /** A file whose path differs in small and capital letters only. */
  alike(path: string): string | null;
}

/** The files at these paths. */
export function siteFiles(paths: readonly string[]): SiteFiles {
  const all = new Set(paths);
  const folded = new Map(paths.map((path) => [path.toLowerCase(), path]));
  return { has: (path) => all.has(path), alike: (path) => folded.get(path.toLowerCase()) ?? null };
}

const elsewhere: Aim = { kind: 'elsewhere' };

/**
 * Follows a link from a file of a deliverable as a browser does whose site is the deliverable: `/` is its root, a
 * folder stands for its `index.html`. Links to other places are not looked at.
 */
export function follow(link: string, from: string, files: SiteFiles, base: string | null = null): Aim {
  const to = link.trim();
  if (isOutward(to) || (base !== null && isOutward(base.trim()))) return elsewhere;
  const [address = '', anchor = ''] = halves(to, '#');
  const [given = ''] = halves(address, '?');
  const [place, mark] = [decoded(given), decoded(anchor)];
  if (place === null || mark === null) return { kind: 'broken', why: 'is not written as an address' };
  if (place === '') return { kind: 'file', path: from, anchor: mark };
  const start =
    base === null ? path.posix.dirname(from) : path.posix.join(path.posix.dirname(from), decoded(base) ?? '');
  const full = place.startsWith('/') ? place.slice(1) : path.posix.join(start, place);
  const plain = path.posix.normalize(full === '' ? '.' : full).replace(/\/$/, '');
  if (plain === '..' || plain.startsWith('../'))
    return { kind: 'broken', why: 'leads out of the deliverable' };
  const folder = plain === '.' ? '' : `${plain}/`;
  const found = [plain, `${folder}index.html`, `${folder}index.htm`].find((one) => files.has(one));
  if (found !== undefined) return { kind: 'file', path: found, anchor: mark };
  return { kind: 'broken', why: otherCase(plain, files) ?? 'leads to no file of it' };
}

function isOutward(address: string): boolean {
  return /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(address);
}

function halves(text: string, at: string): string[] {
  const place = text.indexOf(at);
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Many servers tell small letters from capitals, and many disks do not. */
function otherCase(wanted: string, files: SiteFiles): string | null {
  const alike = files.alike(wanted);
  return alike === null ? null : `differs from the file "${alike}" in small and capital letters`;
}
