import { type Handler, Parser } from 'htmlparser2';

/** Hears of what a browser puts up with and HTML does not want; `at` is the place in the text. */
export type OnFault = (at: number, what: string) => void;

/** A parser of one whole page that also tells of ends that end nothing, of attributes that are there twice, and of comments without an end. */
export class StrictParser extends Parser {
  readonly #html: string;
  readonly #fault: OnFault;
  readonly #depth: () => number;

  constructor(html: string, handler: Partial<Handler>, fault: OnFault) {
    let depth = 0;
    const attributes = new Set<string>();
    super({
      ...handler,
      onopentagname: () => attributes.clear(),
      onattribute: (name) => {
        const at = this.startIndex;
        if (attributes.has(name)) fault(at, `the attribute "${short(name)}" is there twice`);
        attributes.add(name);
      },
      onopentag: (...told) => {
        depth++;
        handler.onopentag?.(...told);
      },
      onclosetag: (...told) => {
        depth--;
        handler.onclosetag?.(...told);
      },
    });
    this.#html = html;
    this.#fault = fault;
    this.#depth = () => depth;
  }

  override onclosetag(start: number, end: number): void {
    const [at, before] = [this.startIndex, this.#depth()];
    super.onclosetag(start, end);
    const name = this.#html.slice(start, end).toLowerCase();
    if (this.#depth() === before && !startless.has(name)) this.#fault(at, `</${short(name)}> ends nothing`);
  }

  override oncomment(start: number, end: number, offset: number): void {
    const at = this.startIndex;
    super.oncomment(start, end, offset);
    if (end >= this.#html.length) this.#fault(at, 'a comment has no end');
  }
}

/** Elements whose start may be left out, so that their end can stand alone (HTML, 13.1.2.4). */
const startless = new Set(['html', 'head', 'body', 'colgroup', 'tbody']);

function short(text: string): string {
  return text.slice(0, 60);
}
