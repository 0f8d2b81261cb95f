/** A line that both texts have, or only one of them. */
export interface DifferentLine {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** More lines than this are not matched one by one. */
const mostLines = 2_000;

/** What changed from one text to the other, line by line; of very long ones, all that was and all that is. */
export function differenceOf(before: string, after: string): DifferentLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const minus = (line: string): DifferentLine => ({ sign: '-', line });
  const plus = (line: string): DifferentLine => ({ sign: '+', line });
  if (old.length > mostLines || now.length > mostLines) return [...old.map(minus), ...now.map(plus)];
  const common = commonLengths(old, now);
  const lines: DifferentLine[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < now.length) {
    const [one, other] = [old[at], now[to]];
    if (one !== undefined && one === other) {
      lines.push({ sign: ' ', line: one });
      at++;
      to++;
    } else if (
      other === undefined ||
      (one !== undefined && lengthAt(common, at + 1, to) >= lengthAt(common, at, to + 1))
    ) {
      lines.push(minus(one ?? ''));
      at++;
    } else {
      lines.push(plus(other));
      to++;
    }
  }
  return lines;
}

/** How many lines the rests of both texts have in common, for each pair of rests. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let at = old.length - 1; at >= 0; at--) {
    for (let to = now.length - 1; to >= 0; to--) {
      const row = rows[at];
      if (row) {
        row[to] =
          old[at] === now[to]
            ? lengthAt(rows, at + 1, to + 1) + 1
            : Math.max(lengthAt(rows, at + 1, to), lengthAt(rows, at, to + 1));
      }
    }
  }
  return rows;
}

function lengthAt(rows: readonly Uint16Array[], at: number, to: number): number {
  return rows[at]?.[to] ?? 0;
}
