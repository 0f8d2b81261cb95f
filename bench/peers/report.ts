import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Isolation } from './isolation.ts';
import { markdownOf, type Table } from './tables.ts';

/** The marks in the document between which the tables stand. */
const begin = '<!-- peers: written by npm run bench:peers -->';
const end = '<!-- peers: end -->';

/** What is written into the document. */
export interface Report {
  readonly heading: string;
  readonly tables: readonly Table[];
  /** What others do better, a sentence each. */
  readonly leads: readonly string[];
}

/** Puts a report between the marks of a document and leaves all else as it is. */
export function withReport(document: string, { heading, tables, leads }: Report): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The document has no "${begin}" before an "${end}".`);
  const behind = leads.length > 0 ? leads.map((lead) => `- ${lead}`).join('\n') : 'Nowhere in this run.';
  const parts = [begin, heading, ...tables.map(markdownOf), '### Where another agent leads', behind, end];
  return `${document.slice(0, from)}${parts.join('\n\n')}${document.slice(to + end.length)}`;
}

/** Writes a report into a document. */
export function writeReport(file: string, report: Report): void {
  writeFileSync(file, withReport(readFileSync(file, 'utf8'), report));
}

/** When and on what it was measured, without the name of any machine. */
export function headingOf(day: string, isolation: Isolation, skipped: readonly string[]): string {
  const memory = Math.round(totalmem() / 1024 ** 3);
  const machine = `${availableParallelism()} processors, ${memory} GB, ${process.platform} ${process.arch}`;
  const reach = isolation === 'none' ? 'not cut off from the network' : 'cut off from the network';
  const left = skipped.length > 0 ? ` Not installed: ${skipped.join(', ')}.` : '';
  return `Measured ${day}; ${machine}, Node ${process.versions.node}, ${reach}.${left}`;
}
