/** Where a link in a model's text leads, if it may lead anywhere. */
export type Link =
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string; readonly line?: number };

/** Tells apart an address of the web and a file; `null` for every other scheme. */
export function readLink(href: string): Link | null {
  if (/^(https?:\/\/|mailto:)/i.test(href)) return { kind: 'web', url: href };
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(href) || href.startsWith('//') || href.startsWith('#')) return null;
  const [, path = '', line] = /^(.*?)(?:[:#]L?(\d+)(?:[-:,].*)?)?$/.exec(decoded(href)) ?? [];
  if (path === '') return null;
  return { kind: 'file', path, ...(line === undefined ? {} : { line: Number(line) }) };
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
