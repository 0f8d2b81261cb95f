/** The links of a stylesheet with their lines. */
export function stylesheetLinks(css: string): { readonly to: string; readonly line: number }[] {
  const plain = withoutComments(css);
  const found: { to: string; line: number }[] = [];
  let [line, at] = [1, 0];
  for (const match of plain.matchAll(addresses)) {
    for (; at < match.index; at++) if (plain.charCodeAt(at) === 10) line++;
    const to = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
    if (to !== '') found.push({ to, line });
  }
  return found;
}

/** The spaces are bounded, so that no text makes the search take long. */
const addresses =
  /url\(\s{0,20}(?:"([^"\n]{0,4000})"|'([^'\n]{0,4000})'|([^"'()\s]{1,4000}))\s{0,20}\)|@import\s{1,20}["']([^"'\n]{0,4000})["']/g;

/** Comments as spaces, so that lines stay what they are. */
function withoutComments(css: string): string {
  let plain = '';
  for (let at = 0; ; ) {
    const start = css.indexOf('/*', at);
    if (start < 0) return plain + css.slice(at);
    const end = css.indexOf('*/', start + 2);
    const stop = end < 0 ? css.length : end + 2;
    plain += css.slice(at, start) + css.slice(start, stop).replace(/[^\n]/g, ' ');
    at = stop;
  }
}
