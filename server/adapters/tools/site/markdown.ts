import MarkdownIt, { type Env, type StateBlock, type Token } from 'markdown-it';
import { takeSlug } from './slug.ts';

/** A Markdown text, read: its tokens, its title and the anchors that links may name. */
export interface Parsed {
  readonly title: string | null;
  readonly anchors: ReadonlySet<string>;
  readonly tokens: Token[];
  readonly env: Env;
}

/** What a link or an image leads to in the site; `null` drops the link and keeps its words. */
export type Resolve = (href: string, kind: 'link' | 'image') => Resolved | null;
export interface Resolved {
  readonly href: string;
  /** Whether it leaves the site; a page loads nothing from outside, so an image becomes a link then. */
  readonly remote: boolean;
}

/** Reads and renders Markdown; HTML in it is shown as text. */
export interface Markdown {
  parse(text: string): Parsed;
  render(parsed: Parsed, resolve: Resolve): string;
}

/** Makes the reader: CommonMark with tables, strikethrough and bare links; HTML comments are left out. */
export function createMarkdown(): Markdown {
  const md = new MarkdownIt({ html: false, linkify: true });
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  md.validateLink = () => true;
  md.block.ruler.before('paragraph', 'comment', skipComment, { alt: ['paragraph'] });
  return {
    parse: (text) => {
      const { body, title } = withoutFrontMatter(text);
      const env: Env = {};
      const tokens = withoutEmptyHeadings(md.parse(body, env));
      const anchors = new Set<string>();
      const first = giveAnchors(tokens, anchors);
      return { title: title ?? first, anchors, tokens, env };
    },
    render: (parsed, resolve) => {
      for (const token of parsed.tokens) {
        if (token.children) token.children = resolved(token.children, resolve);
        alignByClass(token);
      }
      return md.renderer.render(parsed.tokens, md.options, parsed.env);
    },
  };
}

/** Gives each heading its anchor; answers the words of the first heading of the highest level. */
function giveAnchors(tokens: readonly Token[], anchors: Set<string>): string | null {
  let title: string | null = null;
  for (const [index, token] of tokens.entries()) {
    const inline = tokens[index + 1];
    if (token.type !== 'heading_open' || !inline?.children) continue;
    const words = wordsOf(inline.children);
    if (token.tag === 'h1') title ??= words;
    const slug = takeSlug(words, anchors);
    token.attrSet('id', slug);
    if (token.tag !== 'h1') inline.children.push(...anchorLink(slug, words, inline.children[0]));
  }
  return title;
}

/** A heading without words says nothing and has no anchor. */
function withoutEmptyHeadings(tokens: readonly Token[]): Token[] {
  const empty = new Set(
    tokens.flatMap((token, index) =>
      token.type === 'heading_open' && tokens[index + 1]?.content.trim() === ''
        ? [index, index + 1, index + 2]
        : [],
    ),
  );
  return tokens.filter((_, index) => !empty.has(index));
}

function anchorLink(slug: string, words: string, like: Token | undefined): Token[] {
  if (!like) return [];
  const Kind = like.constructor as typeof Token;
  const open = new Kind('link_open', 'a', 1);
  open.attrs = [
    ['class', 'anchor'],
    ['href', `#${encodeURIComponent(slug)}`],
    ['aria-label', `Link to "${words}"`],
  ];
  const sign = new Kind('text', '', 0);
  sign.content = '#';
  return [open, sign, new Kind('link_close', 'a', -1)];
}

function resolved(children: readonly Token[], resolve: Resolve): Token[] {
  const result: Token[] = [];
  let inside: 'kept' | 'dropped' | null = null;
  for (const token of children) {
    if (token.type === 'link_open') {
      const answer =
        token.attrGet('class') === 'anchor' ? anchorItself(token) : resolve(hrefOf(token), 'link');
      inside = answer ? 'kept' : 'dropped';
      if (!answer) continue;
      token.attrSet('href', answer.href);
      if (answer.remote) token.attrSet('rel', 'noreferrer');
    } else if (token.type === 'link_close') {
      const kept = inside === 'kept';
      inside = null;
      if (!kept) continue;
    } else if (token.type === 'image') {
      result.push(...image(token, resolve, inside === 'kept'));
      continue;
    }
    result.push(token);
  }
  return result;
}

function anchorItself(token: Token): Resolved {
  return { href: hrefOf(token), remote: false };
}

function image(token: Token, resolve: Resolve, inLink: boolean): Token[] {
  const answer = resolve(String(token.attrGet('src') ?? ''), 'image');
  if (answer && !answer.remote) {
    token.attrSet('src', answer.href);
    return [token];
  }
  const Kind = token.constructor as typeof Token;
  const words = new Kind('text', '', 0);
  words.content = wordsOf(token.children ?? []) || (answer ? answer.href : '');
  if (!answer || inLink) return [words];
  const open = new Kind('link_open', 'a', 1);
  open.attrs = [
    ['href', answer.href],
    ['rel', 'noreferrer'],
  ];
  return [open, words, new Kind('link_close', 'a', -1)];
}

function hrefOf(token: Token): string {
  return String(token.attrGet('href') ?? '');
}

/** Tables say their alignment by class, so that a page needs no inline style. */
function alignByClass(token: Token): void {
  const align = /^text-align:(\w+)$/.exec(String(token.attrGet('style') ?? ''))?.[1];
  if (!align) return;
  token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style');
  token.attrSet('class', align);
}

function wordsOf(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.children ? wordsOf(token.children) : token.content)).join('');
}

function skipComment(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const lineOf = (line: number) =>
    state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
  if (!lineOf(start).startsWith('<!--')) return false;
  let last = start;
  while (last < end && !lineOf(last).includes('-->')) last++;
  if (last === end || !lineOf(last).trimEnd().endsWith('-->')) return false;
  if (!silent) state.line = last + 1;
  return true;
}

function withoutFrontMatter(text: string): { body: string; title: string | null } {
  const match = /^---\r?\n([\s\S]*?\r?\n)?---\r?\n/.exec(text);
  if (!match) return { body: text, title: null };
  const title = /^title:\s*(["']?)(.+?)\1\s*$/m.exec(match[1] ?? '')?.[2] ?? null;
  return { body: text.slice(match[0].length), title };
}
