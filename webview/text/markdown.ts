import DOMPurify from 'dompurify';
import MarkdownIt, { type MarkdownIt as Parser, type RendererRule } from 'markdown-it';
import { highlight } from './highlight.ts';
import { readLink } from './links.ts';

/** The words that stand inside rendered Markdown. */
export interface MarkdownWords {
  readonly copy: string;
  image(alt: string): string;
}

/** One block of a text on the top level: its source is its identity, so that a stream repaints only its end. */
export interface Block {
  readonly key: string;
  readonly html: string;
}

/** Longer Markdown than this is shown as it was written. */
export const longestMarkdown = 150_000;
/** So is Markdown of more parts than these, which would be as many elements of the page. */
export const mostParts = 20_000;
/** From this block on all the rest is one block. */
export const mostBlocks = 1_000;

/**
 * Turns Markdown into blocks of HTML that are yet to be sanitised by `sanitised`; `null` where it is so long, of so
 * many parts or so deep that it is better shown as it was written.
 */
export function blocksOf(text: string, words: MarkdownWords): Block[] | null {
  if (text.length > longestMarkdown) return null;
  const environment: Environment = { words, paint: mostPainted };
  const tokens = parser.parse(text, environment);
  const parts = tokens.reduce((sum, token) => sum + 1 + (token.children?.length ?? 0), 0);
  if (parts > mostParts || tokens.some(({ level }) => level >= deepest - 1)) return null;
  const blocks: Block[] = [];
  let open: typeof tokens = [];
  for (const [index, token] of tokens.entries()) {
    open.push(token);
    const last = index === tokens.length - 1;
    if (!last && (blocks.length >= mostBlocks - 1 || token.level !== 0 || token.nesting > 0)) continue;
    blocks.push({
      key: String(blocks.length),
      html: parser.renderer.render(open, parser.options, environment),
    });
    open = [];
  }
  return blocks;
}

/** HTML as nodes without any element, attribute or address that could act or fetch. */
export function sanitised(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: [
      'class',
      'data-href',
      'data-copy',
      'role',
      'tabindex',
      'type',
      'title',
      'start',
      'src',
      'alt',
    ],
    ADD_URI_SAFE_ATTR: ['data-href', 'data-copy', 'tabindex', 'type', 'start'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: pictures,
    RETURN_DOM_FRAGMENT: true,
  });
}

const allowedTags = [
  ...[
    'p',
    'br',
    'hr',
    'em',
    'strong',
    's',
    'code',
    'pre',
    'blockquote',
    'ul',
    'ol',
    'li',
    'a',
    'span',
    'div',
  ],
  ...['h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'button', 'img'],
];
const pictures = /^data:image\/(png|jpeg|gif|webp);base64,/i;

/** What would stand as deep as this the parser leaves out. */
const deepest = 100;
/** Characters of code that are painted in one text; what follows stays plain. */
const mostPainted = 30_000;

/** What the rules know besides the tokens. */
type Environment = {
  readonly words: MarkdownWords;
  /** Characters of code that may still be painted. */
  paint: number;
};

const rules = {
  fence: (tokens, index, _options, environment) => {
    const token = tokens[index];
    const language = (token?.info ?? '').trim().split(/\s+/)[0] ?? '';
    const code = token?.content ?? '';
    const painted = paintedCode(code, language.toLowerCase(), environmentOf(environment));
    const copy = escaped(environmentOf(environment).words.copy);
    return `<div class="code"><div class="code-head"><span>${escaped(language)}</span><button type="button" class="quiet" data-copy="code">${copy}</button></div><pre tabindex="0"><code>${painted}</code></pre></div>`;
  },
  code_block: (tokens, index) =>
    `<div class="code"><pre tabindex="0"><code>${escaped(tokens[index]?.content ?? '')}</code></pre></div>`,
  heading_open: (tokens, index) => `<${lowered(tokens[index]?.tag)}>`,
  heading_close: (tokens, index) => `</${lowered(tokens[index]?.tag)}>`,
  link_open: (tokens, index) => linkOpen(String(tokens[index]?.attrGet('href') ?? '')),
  link_close: () => '</a>',
  image: (tokens, index, options, environment, self) => {
    const token = tokens[index];
    const source = String(token?.attrGet('src') ?? '');
    const alt = self.renderInlineAsText(token?.children ?? [], options, environment);
    if (pictures.test(source)) return `<img src="${escaped(source)}" alt="${escaped(alt)}">`;
    return `${linkOpen(source)}${escaped(environmentOf(environment).words.image(alt || source))}</a>`;
  },
  td_open: (tokens, index) => cell('td', tokens[index]?.attrGet('style')),
  th_open: (tokens, index) => cell('th', tokens[index]?.attrGet('style')),
  table_open: () => '<div class="table" tabindex="0"><table>',
  table_close: () => '</table></div>',
} satisfies Record<string, RendererRule>;

const parser = makeParser();

function makeParser(): Parser {
  const made = new MarkdownIt({ html: false, linkify: true, breaks: false, maxNesting: deepest });
  made.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  made.validateLink = (href) => readLink(href) !== null || pictures.test(href);
  Object.assign(made.renderer.rules, rules);
  return made;
}

function paintedCode(code: string, language: string, environment: Environment): string {
  const painted = code.length <= environment.paint ? highlight(code, language) : null;
  if (painted !== null) environment.paint -= code.length;
  return painted ?? escaped(code);
}

function linkOpen(href: string): string {
  return readLink(href)
    ? `<a class="link" role="link" tabindex="0" data-href="${escaped(href)}" title="${escaped(href)}">`
    : '<a>';
}

function cell(tag: string, style: string | number | null | undefined): string {
  const side = /text-align:\s*(left|center|right)/.exec(String(style ?? ''))?.[1];
  return side ? `<${tag} class="align-${side}">` : `<${tag}>`;
}

function lowered(tag: string | undefined): string {
  const level = Number(tag?.slice(1) ?? 1);
  return `h${Math.min(6, level + 2)}`;
}

function environmentOf(environment: unknown): Environment {
  return environment as Environment;
}

function escaped(text: string): string {
  return parser.utils.escapeHtml(text);
}
