import DOMPurify from 'dompurify';

/** A page of a website made harmless, with what its frame must be given from outside. */
export interface HarmlessPage {
  /** The whole page; no script, form or address is left in it. */
  readonly html: string;
  /** Its style sheets in their order: the text itself, or the path of one as the page names it. */
  readonly sheets: readonly ({ readonly text: string } | { readonly link: string })[];
  /** So many things of it are not shown. */
  readonly left: number;
}

/** Where the frame finds what was taken out: the address of a picture, of a link, and the style of an element. */
export const marks = {
  source: 'data-look-source',
  link: 'data-look-link',
  style: 'data-look-style',
} as const;

const sheetMark = 'data-look-sheet';

/** A page of more elements than these is better shown as it was written. */
const mostElements = 8_000;

/**
 * Makes a page harmless: what is left of it can neither act nor fetch, whatever frame it is put into. `null` where it
 * is of so many parts that drawing it would hold the page up.
 */
export function harmlessPage(source: string): HarmlessPage | null {
  if ((source.match(/</g)?.length ?? 0) > 3 * mostElements) return null;
  const parsed = new DOMParser().parseFromString(withoutActs(source), 'text/html');
  if (parsed.getElementsByTagName('*').length > mostElements) return null;
  const sheets = [...parsed.querySelectorAll(`[${sheetMark}], link[rel~="stylesheet" i]`)].map((one) =>
    one.localName === 'title' ? { text: one.textContent ?? '' } : { link: one.getAttribute('href') ?? '' },
  );
  const left = parsed.querySelectorAll('script, form, iframe, object, embed').length;
  for (const element of parsed.querySelectorAll('title, style, link, script, base, meta, noscript'))
    element.remove();
  for (const element of parsed.querySelectorAll('*')) moveAway(element);
  const root = DOMPurify.sanitize(parsed.documentElement.outerHTML, {
    WHOLE_DOCUMENT: true,
    FORBID_TAGS: ['style', 'form', 'input', 'button', 'select', 'textarea', 'dialog'],
    FORBID_ATTR: ['style', 'srcset', 'background', 'poster', 'ping', 'action', 'formaction', 'target'],
    ADD_DATA_URI_TAGS: [],
    ALLOW_DATA_ATTR: true,
  });
  return { html: `<!doctype html>${root}`, sheets, left };
}

/**
 * Renames the attributes that would act, and makes of styles what is only text, so that the parser has nothing to refuse aloud. What this
 * misses is refused all the same: by the page's policy, and by the sanitiser.
 */
function withoutActs(source: string): string {
  const sheets = source.replace(/<(\/?)style(?=[\s>/])/gi, (_, end: string) =>
    end === '' ? `<title ${sheetMark}` : '</title',
  );
  return sheets.replace(/<[a-z][^<>]*>/gi, (tag) =>
    tag.replace(/([\s"'/])(style|on[a-z]+)(?=\s*=)/gi, (_, before: string, name: string) =>
      name.toLowerCase() === 'style' ? `${before}${marks.style}` : `${before}data-look-act`,
    ),
  );
}

/** Takes every address out of an element, and keeps those that the frame may be given again. */
function moveAway(element: Element): void {
  const take = (name: string) => {
    const value = element.getAttribute(name);
    element.removeAttribute(name);
    return value;
  };
  for (const mark of [marks.source, marks.link]) element.removeAttribute(mark);
  const source = take('src');
  if (source && /^(img|video|audio)$/.test(element.localName)) element.setAttribute(marks.source, source);
  const link = take('href') ?? take('xlink:href');
  if (link === null) return;
  if (/^(a|area)$/.test(element.localName)) {
    element.setAttribute('href', '#');
    element.setAttribute(marks.link, link);
  } else if (link.startsWith('#')) element.setAttribute('href', link);
}

/** The text of a style sheet with its addresses replaced by what `address` gives; what it gives none for is left out. */
export async function withAddresses(
  css: string,
  address: (link: string) => Promise<string | null>,
): Promise<string> {
  const plain = css.slice(0, longestSheet).replace(elsewhere, '').replace(otherAddresses, 'none(');
  const links = [...plain.matchAll(addresses)].map(([, , link = '']) => link);
  const given = new Map(
    await Promise.all([...new Set(links)].map(async (link) => [link, await address(link)] as const)),
  );
  return plain.replace(addresses, (whole: string, _, link: string) => {
    if (/^data:image\//i.test(link)) return whole;
    const url = given.get(link);
    return url ? `url("${url}")` : 'url("data:,")';
  });
}

/** Characters of a style sheet that are taken. */
const longestSheet = 400_000;
/** Every repetition has an end, so that no text makes them take long. */
const elsewhere = /@(import|charset|namespace)[^;{}]{0,2000};|@font-face\s{0,20}\{[^}]{0,4000}\}/gi;
const otherAddresses = /(-webkit-)?(image-set|cross-fade|image|src|element|paint)\(/gi;
const addresses = /url\(\s{0,20}(["']?)([^"'()]{0,2000})\1\s{0,20}\)/gi;
