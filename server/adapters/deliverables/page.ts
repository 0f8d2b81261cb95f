import type { Handler } from 'htmlparser2';
import { StrictParser } from './strictParser.ts';
import { stylesheetLinks } from './stylesheet.ts';

/** A link as it stands in a file. */
export interface Link {
  readonly to: string;
  readonly line: number;
}

/** What a page says of itself. */
export interface Page {
  readonly title: string;
  readonly ids: ReadonlySet<string>;
  readonly links: readonly Link[];
  /** Where links begin, if not at the page. */
  readonly base: string | null;
  readonly faults: readonly { readonly line: number; readonly what: string; readonly severe: boolean }[];
}

/** Elements whose end may be left out, and those that have none (HTML, 13.1.2). */
const endless = new Set(
  (
    'html head body li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th ' +
    'area base br col embed hr img input link meta source track wbr'
  ).split(' '),
);
const foreign = new Set(['svg', 'math']);
const addresses = ['href', 'src', 'poster', 'data', 'xlink:href'];

/** More elements one within the other are not followed: the parser's work grows with them. */
export const deepest = 2000;

/** Reads a page as a browser would, and notes what is not as HTML wants it. */
export function readPage(html: string): Page {
  const ids = new Set<string>();
  const links: Link[] = [];
  const faults: { line: number; what: string; severe: boolean }[] = [];
  const lineAt = lineCounter(html);
  const opened: number[] = [];
  let [title, base, isTyped, within, style, inForeign]: [
    string,
    string | null,
    boolean,
    string,
    string,
    number,
  ] = ['', null, false, '', '', 0];
  const fault = (line: number, what: string, severe: boolean) => faults.push({ line, what, severe });
  const handler: Partial<Handler> = {
    onprocessinginstruction: (name) => {
      isTyped ||= name.toLowerCase() === '!doctype';
    },
    onopentag: (name, attributes) => {
      const line = lineAt(parser.startIndex);
      opened.push(line);
      if (opened.length > deepest) {
        fault(line, 'its elements are nested too deep, so that the rest was not looked at', true);
        parser.pause();
        return;
      }
      if (foreign.has(name)) inForeign++;
      else if (inForeign === 0 && (name === 'title' || name === 'style')) within = name;
      const { id } = attributes;
      if (id && ids.has(id)) fault(line, `the id "${short(id)}" is there twice`, true);
      if (id) ids.add(id);
      if (name === 'a' && attributes.name) ids.add(attributes.name);
      if (name === 'img' && attributes.alt === undefined)
        fault(line, 'an image has no alternative text', false);
      if (name === 'base') base ??= attributes.href ?? null;
      else for (const to of linksOf(attributes)) links.push({ to, line });
    },
    ontext: (text) => {
      if (within === 'title') title += text;
      if (within === 'style') style += text;
    },
    onclosetag: (name, isImplied) => {
      const line = opened.pop() ?? 1;
      if (foreign.has(name)) inForeign--;
      else if (isImplied && inForeign === 0 && !endless.has(name))
        fault(line, `<${short(name)}> has no end`, true);
      if (name === 'style') for (const { to } of stylesheetLinks(style)) links.push({ to, line });
      if (name === within) [within, style] = ['', ''];
    },
  };
  const parser = new StrictParser(html, handler, (at, what) => {
    if (inForeign === 0) fault(lineAt(at), what, true);
  });
  parser.end(html);
  if (!isTyped) fault(1, 'it does not begin with <!DOCTYPE html>', false);
  return { title: title.trim(), ids, links, base, faults };
}

function linksOf(attributes: Readonly<Record<string, string>>): string[] {
  const plain = addresses.flatMap((name) => attributes[name] ?? []);
  const several = (attributes.srcset ?? '').split(',').map((one) => one.trim().split(/\s+/, 1)[0] ?? '');
  const styled = stylesheetLinks(attributes.style ?? '').map(({ to }) => to);
  return [...plain, ...several.filter(Boolean), ...styled];
}

/** Lines of places in a text that only go forward. */
function lineCounter(text: string): (place: number) => number {
  let [line, at] = [1, 0];
  return (place) => {
    for (; at < place; at++) if (text.charCodeAt(at) === 10) line++;
    return line;
  };
}

function short(text: string): string {
  return text.slice(0, 60);
}
