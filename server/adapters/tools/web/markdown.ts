import { Parser } from 'htmlparser2';
import { openLines } from './markdownLines.ts';

/** A page as text. */
export interface ReadPage {
  readonly title: string;
  readonly markdown: string;
}

/**
 * Reads HTML as Markdown, in one pass over it and in time and memory of its size: what a person would read, with
 * headings, lists, tables, code and links; no script, style, form or hidden part. Nothing is loaded. `base` is
 * the page's address, by which links are made whole.
 */
export function readHtml(html: string, base: string): ReadPage {
  const lines = openLines();
  const state: State = { skipped: 0, title: null, open: [], lists: [], links: [], base };
  const parser = new Parser({
    onopentag: (name, attributes) => opened(name, attributes, state, lines),
    ontext: (text) => {
      if (state.skipped === 1 && state.open.at(-1) === 'title') state.title += text;
      else if (state.skipped === 0) lines.text(text);
    },
    onclosetag: (name) => closed(name, state, lines),
  });
  let at = 0;
  for (; at < html.length && state.open.length < deepest; at += atOnce)
    parser.write(html.slice(at, at + atOnce));
  if (at >= html.length) parser.end();
  const rest = at < html.length ? '\n\n[… the rest is nested too deeply to be read …]' : '';
  return {
    title: (state.title ?? '').replace(/\s+/g, ' ').trim().slice(0, 300),
    markdown: lines.end() + rest,
  };
}

/** What is nested deeper is no page for people; the parser's time would grow with its square. */
const deepest = 1000;
/** Characters that are read between two looks at the depth. */
const atOnce = 16_384;

type Lines = ReturnType<typeof openLines>;

interface State {
  /** How many parts deep we are in what nobody reads; the part that began it counts as one. */
  skipped: number;
  title: string | null;
  readonly open: string[];
  /** The lists that we are in: the next number, or `null` of one without numbers. */
  readonly lists: (number | null)[];
  /** Where each link that we are in leads; `null` where nowhere. */
  readonly links: (string | null)[];
  readonly base: string;
}

const unread: ReadonlySet<string> = new Set([
  ...['script', 'style', 'noscript', 'template', 'svg', 'math', 'iframe', 'object', 'embed', 'canvas'],
  ...['audio', 'video', 'select', 'textarea', 'button', 'dialog', 'title'],
]);
const empty: ReadonlySet<string> = new Set([
  ...['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'],
]);
const blocks: ReadonlySet<string> = new Set([
  ...['p', 'div', 'section', 'article', 'main', 'header', 'footer', 'aside', 'nav', 'figure', 'figcaption'],
  ...['ul', 'ol', 'dl', 'table', 'form', 'fieldset', 'address', 'details', 'summary', 'body', 'caption'],
]);
const marks: Readonly<Record<string, string>> = {
  strong: '**',
  b: '**',
  em: '*',
  i: '*',
  del: '~~',
  s: '~~',
  code: '`',
  kbd: '`',
  samp: '`',
};

function opened(
  name: string,
  attributes: Readonly<Record<string, string>>,
  state: State,
  lines: Lines,
): void {
  if (name === 'title' && state.skipped === 0) state.title ??= '';
  if (!empty.has(name)) state.open.push(name);
  if (state.skipped > 0 || unread.has(name) || isHidden(attributes)) {
    if (!empty.has(name)) state.skipped++;
    return;
  }
  if (name === 'br') lines.break(1);
  else if (name === 'hr') lines.block('---');
  else if (name === 'img') lines.text(attributes.alt ? `[image: ${attributes.alt}]` : '');
  else if (name === 'a') {
    state.links.push(whole(attributes.href, state.base));
    if (state.links.at(-1)) lines.mark('[');
  } else openedBlock(name, state, lines);
}

function openedBlock(name: string, state: State, lines: Lines): void {
  const mark = marks[name];
  if (mark && !lines.verbatim()) lines.mark(mark);
  else if (/^h[1-6]$/.test(name)) {
    lines.break(2);
    lines.mark(`${'#'.repeat(Number(name[1]))} `);
  } else if (name === 'pre') lines.fence(true);
  else if (name === 'blockquote') lines.indent('> ');
  else if (name === 'li') {
    const number = state.lists.at(-1) ?? null;
    if (number !== null) state.lists[state.lists.length - 1] = number + 1;
    lines.item(number === null ? '- ' : `${number}. `);
  } else if (name === 'tr' || name === 'dt') lines.break(1);
  else if (name === 'dd') lines.item(': ');
  else if (name === 'td' || name === 'th') lines.mark('| ');
  else if (blocks.has(name)) {
    if (name === 'ul' || name === 'ol') state.lists.push(name === 'ol' ? 1 : null);
    lines.break(isNestedList(name, state) ? 1 : 2);
  }
}

function closed(name: string, state: State, lines: Lines): void {
  if (empty.has(name)) return;
  if (state.open.at(-1) === name) state.open.pop();
  if (state.skipped > 0) {
    state.skipped--;
    return;
  }
  const mark = marks[name];
  if (name === 'a') {
    const target = state.links.pop();
    if (target) lines.closeLink(target);
  } else if (mark && !lines.verbatim()) lines.mark(mark);
  else if (name === 'pre') lines.fence(false);
  else if (name === 'blockquote' || name === 'li' || name === 'dd')
    lines.outdent(name === 'blockquote' ? 2 : 1);
  else if (name === 'td' || name === 'th') lines.text(' ');
  else if (name === 'tr') lines.mark('|');
  else if (blocks.has(name) || /^h[1-6]$/.test(name)) {
    const nested = isNestedList(name, state);
    if (name === 'ul' || name === 'ol') state.lists.pop();
    lines.break(nested ? 1 : 2);
  }
}

function isNestedList(name: string, { lists }: State): boolean {
  return (name === 'ul' || name === 'ol') && lists.length > 1;
}

/** What a page hides from its readers is not read either: it would be seen by nobody but the model. */
function isHidden({ hidden, style = '' }: Readonly<Record<string, string>>): boolean {
  return hidden !== undefined || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style.slice(0, 2000));
}

/** Where a link leads, as a whole address of the web; `null` of any other kind. */
function whole(href: string | undefined, base: string): string | null {
  if (href === undefined || href.length > 2000 || href.startsWith('#') || !URL.canParse(href, base))
    return null;
  const url = new URL(href, base);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}
