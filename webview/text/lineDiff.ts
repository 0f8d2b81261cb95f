/** One line of a difference; the numbers count from 1 in the text that it stands in. */
export interface DiffLine {
  readonly change: 'same' | 'removed' | 'added';
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Lines that were left out because they are the same, or a line of the difference. */
export type DiffRow = DiffLine | { readonly change: 'gap'; readonly count: number };

/** Above this product of line counts the middle is shown as one replacement. */
const largestTable = 4_000_000;

/** The difference of two texts line by line, `null` standing for a text that does not exist yet. */
export function lineDiff(before: string | null, after: string): DiffLine[] {
  const old = before === null ? [] : before.split('\n');
  const fresh = after.split('\n');
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < fresh.length - head &&
    old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]
  )
    tail++;
  const changes = [
    ...old.slice(0, head).map(() => 'same' as const),
    ...middle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...old.slice(old.length - tail).map(() => 'same' as const),
  ];
  return number(changes, old, fresh);
}

/** The same with long stretches of unchanged lines folded to a count, `context` lines kept beside a change. */
export function withGaps(lines: readonly DiffLine[], context = 3): DiffRow[] {
  const near = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (line.change === 'same') continue;
    for (let at = index - context; at <= index + context; at++) near.add(at);
  }
  const rows: DiffRow[] = [];
  let hidden = 0;
  for (const [index, line] of lines.entries()) {
    if (!near.has(index)) {
      hidden++;
      continue;
    }
    if (hidden > 0) rows.push({ change: 'gap', count: hidden });
    hidden = 0;
    rows.push(line);
  }
  if (hidden > 0) rows.push({ change: 'gap', count: hidden });
  return rows;
}

/** The first two thirds and the last third of so many rows of a longer difference, and how many lie between. */
export function endsOf(
  rows: readonly DiffRow[],
  most: number,
): { readonly head: readonly DiffRow[]; readonly between: number; readonly tail: readonly DiffRow[] } {
  if (rows.length <= most) return { head: rows, between: 0, tail: [] };
  const first = Math.ceil((most * 2) / 3);
  const last = most - first;
  return { head: rows.slice(0, first), between: rows.length - most, tail: rows.slice(-last) };
}

type Change = DiffLine['change'];

function middle(old: readonly string[], fresh: readonly string[]): Change[] {
  if (old.length * fresh.length > largestTable) {
    return [...old.map(() => 'removed' as const), ...fresh.map(() => 'added' as const)];
  }
  const [left = [], right = []] = numbered(old, fresh);
  const width = fresh.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number) => longest[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = fresh.length - 1; column >= 0; column--) {
      longest[row * width + column] =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const changes: Change[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < fresh.length) {
    if (row < old.length && column < fresh.length && left[row] === right[column]) {
      changes.push('same');
      row++;
      column++;
    } else if (column >= fresh.length || (row < old.length && at(row + 1, column) >= at(row, column + 1))) {
      changes.push('removed');
      row++;
    } else {
      changes.push('added');
      column++;
    }
  }
  return changes;
}

/** Equal lines by equal numbers, so that long lines are not compared again and again. */
function numbered(...texts: readonly (readonly string[])[]): number[][] {
  const numbers = new Map<string, number>();
  return texts.map((lines) =>
    lines.map((line) => {
      const known = numbers.get(line) ?? numbers.size;
      numbers.set(line, known);
      return known;
    }),
  );
}

function number(changes: readonly Change[], old: readonly string[], fresh: readonly string[]): DiffLine[] {
  let before = 0;
  let after = 0;
  return changes.map((change) => {
    if (change !== 'added') before++;
    if (change !== 'removed') after++;
    const text = (change === 'removed' ? old[before - 1] : fresh[after - 1]) ?? '';
    return {
      change,
      text,
      before: change === 'added' ? null : before,
      after: change === 'removed' ? null : after,
    };
  });
}
