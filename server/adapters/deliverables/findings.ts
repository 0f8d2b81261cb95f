import type { DeliverableFinding } from '../../protocol/deliverable.ts';

/** A list of findings that grows no longer than what is kept with a deliverable. */
export interface Findings {
  add(file: string | undefined, what: string, severe: boolean, line?: number): void;
  /** Faults first, in the order in which they were found. */
  list(): DeliverableFinding[];
}

/** As many as the contract allows. */
const most = 100;

/** Begins a list. */
export function newFindings(): Findings {
  const faults: DeliverableFinding[] = [];
  const notes: DeliverableFinding[] = [];
  let more = 0;
  return {
    add: (file, what, severe, line) => {
      const list = severe ? faults : notes;
      if (list.length >= most) {
        more++;
        return;
      }
      const text = plain(what);
      list.push({
        ...(file === undefined ? {} : { file }),
        ...(line === undefined ? {} : { line }),
        what: text,
        severe,
      });
    },
    list: () => {
      const all = [...faults, ...notes];
      const left = all.length - most + more;
      if (left <= 0) return all;
      const what = `There are ${left + 1} more findings.`;
      return [...all.slice(0, most - 1), { what, severe: faults.length >= most }];
    },
  };
}

/** One line, as one sentence; text of files in it stays short and cannot be read as something else. */
function plain(what: string): string {
  const line = what.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const begun = `${line.charAt(0).toUpperCase()}${line.slice(1)}`;
  return `${begun.slice(0, 480).toWellFormed()}${begun.length > 480 ? '…' : '.'}`;
}
