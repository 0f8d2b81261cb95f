/** The deepest that quotes and lists are drawn in one another. */
const deepest = 12;

/** Text in the making, with the breaks, marks and indents of Markdown. */
export function openLines() {
  const parts: string[] = [];
  const indents: string[] = [];
  /** Indents that were too deep to be drawn. */
  let undrawn = 0;
  let fenced = 0;
  /** Line breaks that are due before the next text; none at the very beginning. */
  let due = 0;
  let space = false;
  let fresh = true;
  /** Whether nothing stands yet after the mark of an item or a quote: what follows belongs on its line. */
  let begun = false;
  const settle = () => {
    if (due > 0 && parts.length > 0) {
      const prefix = indents.join('');
      for (; due > 1; due--) parts.push(`\n${prefix.trimEnd()}`);
      parts.push(`\n${prefix}`);
      fresh = true;
    }
    due = 0;
    if (space && !fresh) parts.push(' ');
    space = false;
  };
  const put = (text: string) => {
    settle();
    parts.push(text);
    fresh = false;
    begun = false;
  };
  const breakLine = (count: number) => {
    if (!begun) due = Math.max(due, count);
    space = false;
  };
  const verbatim = () => fenced > 0;
  const outdent = (count: number) => {
    begun = false;
    breakLine(count);
    if (undrawn > 0) undrawn--;
    else indents.pop();
  };
  const item = (mark: string) => {
    breakLine(1);
    put(mark);
    fresh = true;
    begun = true;
    if (indents.length >= deepest) undrawn++;
    else indents.push(' '.repeat(mark.length));
  };
  return {
    /** Whether we are in what keeps its blanks and marks. */
    verbatim,
    /** Running text: blanks are folded, but for code in blocks. */
    text: (text: string) => {
      if (fenced > 0) {
        for (const [index, line] of text.split(/\r?\n/).entries()) {
          if (index > 0) breakVerbatim();
          if (line !== '') put(line);
        }
        return;
      }
      const folded = text.replace(/[\s\u00a0]+/g, ' ');
      if (folded.startsWith(' ')) space = true;
      if (folded.trim() !== '') put(folded.trim());
      if (folded.endsWith(' ') && folded.trim() !== '') space = true;
    },
    /** A mark of Markdown, put as it is. */
    mark: (mark: string) => put(mark),
    break: breakLine,
    /** A line between blocks. */
    block: (text: string) => {
      breakLine(2);
      put(text);
      breakLine(2);
    },
    fence: (begins: boolean) => {
      if (!begins && fenced === 0) return;
      fenced += begins ? 1 : -1;
      if (fenced !== (begins ? 1 : 0)) return;
      breakLine(begins ? 2 : 1);
      put('```');
      breakLine(begins ? 1 : 2);
    },
    indent: (mark: string) => {
      breakLine(2);
      if (indents.length >= deepest) undrawn++;
      else {
        put(mark);
        indents.push(mark);
        fresh = true;
        begun = true;
      }
    },
    item,
    outdent,
    closeLink: (target: string) => put(`](${target.replaceAll('(', '%28').replaceAll(')', '%29')})`),
    end: () =>
      parts
        .join('')
        .replace(/[ \t]+$/gm, '')
        .trim(),
  };

  /** A line break of verbatim text: each counts. */
  function breakVerbatim(): void {
    settle();
    parts.push(`\n${indents.join('')}`);
    fresh = true;
  }
}
