import { Parser } from 'htmlparser2';

/** An element with what lies in it; its name without a prefix. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Nothing that a server tells of files nests deeper. */
const deepest = 24;
/** A list of as many files as anybody publishes has fewer elements; each costs a hundred bytes and more. */
const mostElements = 2_500_000;
/** Characters that are read between two looks at the depth. */
const atOnce = 16_384;

/**
 * Reads XML as it came from a server, in time and memory of its size; `null` where it nests deeper than can be meant, or
 * has more elements than `most`.
 */
export function readXml(text: string, most = mostElements): XmlElement | null {
  const root: Open = { name: '', text: '', children: [] };
  const open: Open[] = [root];
  let count = 0;
  const parser = new Parser(
    {
      onopentagname: (name) => {
        count++;
        const element: Open = { name: name.slice(name.indexOf(':') + 1), text: '', children: [] };
        open.at(-1)?.children.push(element);
        open.push(element);
      },
      ontext: (piece) => {
        const inner = open.at(-1);
        if (inner) inner.text += piece;
      },
      onclosetag: () => {
        if (open.length > 1) open.pop();
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  for (let at = 0; at < text.length; at += atOnce) {
    parser.write(text.slice(at, at + atOnce));
    if (open.length > deepest || count > most) return null;
  }
  parser.end();
  return root;
}

/** Whether the text of an answer ends with the end of its outermost element, and so was not cut. */
export function endsWith(text: string, name: string): boolean {
  const end = /<\/(?:[\w.-]+:)?([\w.-]+)\s*>\s*$|<(?:[\w.-]+:)?([\w.-]+)[^<>]*\/>\s*$/.exec(
    text.slice(-2000),
  );
  return end?.[1] === name || end?.[2] === name;
}

/** Every element of a name below another, however deep. */
export function allOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...allOf(child, name),
  ]);
}

/** The text of the first element of a name below another; `null` where there is none. */
export function textOf(element: XmlElement | null, name: string): string | null {
  for (const child of element?.children ?? []) {
    const found = child.name === name ? child.text.trim() : textOf(child, name);
    if (found !== null) return found;
  }
  return null;
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Open[];
}
