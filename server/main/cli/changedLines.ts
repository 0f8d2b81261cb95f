/** Lines on each side of which more are compared as one block that changed. */
const most = 2000;
/** Lines around a change that are shown with it. */
const around = 2;

/**
 * The lines in which two texts differ, each with `-` or `+`, and those around them; the shortest list of changes,
 * but where a changed stretch is very long it is told as one block.
 */
export function changedLines(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const isSameEnd = () => old.at(-1 - end) === now.at(-1 - end);
  while (end < Math.min(old.length, now.length) - start && isSameEnd()) end++;
  const [gone, come] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  const changes = gone.length * come.length > most * most ? block(gone, come) : shortest(gone, come);
  const context = (lines: readonly string[]) => lines.map((line) => ` ${line}`);
  return hunks([...context(old.slice(0, start)), ...changes, ...context(old.slice(old.length - end))]);
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function block(gone: readonly string[], come: readonly string[]): string[] {
  return [...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)];
}

/** By the longest common subsequence of lines. */
function shortest(gone: readonly string[], come: readonly string[]): string[] {
  const width = come.length + 1;
  const common = new Uint16Array((gone.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = gone.length - 1; i >= 0; i--) {
    for (let j = come.length - 1; j >= 0; j--) {
      common[i * width + j] =
        gone[i] === come[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < gone.length || j < come.length) {
    if (i < gone.length && j < come.length && gone[i] === come[j]) {
      lines.push(` ${gone[i]}`);
      i++;
      j++;
    } else if (i < gone.length && (j === come.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`-${gone[i++]}`);
    } else lines.push(`+${come[j++]}`);
  }
  return lines;
}

/** Only what changed and the lines around it, with `…` where others are left out. */
function hunks(lines: readonly string[]): string[] {
  const isNear = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (line.startsWith(' ')) continue;
    for (let near = index - around; near <= index + around; near++) isNear.add(near);
  }
  return lines.flatMap((line, index) => {
    if (isNear.has(index)) return [line];
    return isNear.has(index + 1) || (index === lines.length - 1 && isNear.size > 0) ? ['…'] : [];
  });
}
