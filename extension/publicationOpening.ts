import path from 'node:path';
import type { Publication } from '../server/protocol/deliverable.ts';

/** How what was published is opened. */
export type Opening =
  /** By a browser, at this address. */
  | { readonly kind: 'browser'; readonly address: string }
  /** Here, as a file or folder. */
  | { readonly kind: 'here'; readonly file: string }
  /** By neither: a person takes the address to a program that knows its kind. */
  | { readonly kind: 'copy'; readonly address: string };

/** Where a person looks at a publication: its page, through a link that lets in where there is one, else its place. */
export function openingOf(publication: Publication, link: string | null): Opening {
  const { location, entry } = publication;
  if (isHere(publication)) return { kind: 'here', file: entry ? path.join(location, entry) : location };
  const address = link ?? addressOf(publication);
  return { kind: isWeb(address) ? 'browser' : 'copy', address };
}

/** The address that a person passes on. */
export function addressOf({ url, location }: Publication): string {
  return url ?? location;
}

/** Whether a link that lets in could be wanted: the publication has no address that shows its page. */
export function wantsLink(publication: Publication): boolean {
  return !isHere(publication) && publication.url === undefined && publication.entry !== undefined;
}

/** Whether it stands on this machine. What a server calls its place is never taken for one. */
function isHere({ visibility = 'local', location }: Publication): boolean {
  return visibility === 'local' && path.isAbsolute(location);
}

function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
