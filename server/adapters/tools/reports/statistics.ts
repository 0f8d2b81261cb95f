import { asPlainText } from './commits.ts';

/** One file, measured. */
export interface Measured {
  readonly file: string;
  readonly size: number;
  readonly lines: number;
  readonly language: string;
}

const mostBiggest = 10;

/** The figures as Markdown: the whole, by language, and the longest files. */
export function statisticsOf(files: readonly Measured[]): string {
  const groups = [...Map.groupBy(files, (one) => one.language)]
    .map(([language, group]) => ({
      language,
      files: group.length,
      lines: sum(group, 'lines'),
      size: sum(group, 'size'),
    }))
    .sort((a, b) => b.lines - a.lines || b.size - a.size || a.language.localeCompare(b.language, 'en'));
  const longest = files.toSorted((a, b) => b.lines - a.lines || b.size - a.size).slice(0, mostBiggest);
  return [
    '# Workspace statistics\n',
    `${files.length} files, ${sum(files, 'lines')} lines, ${kilobytes(sum(files, 'size'))}.\n`,
    '## By language\n',
    '| Language | Files | Lines | Size |',
    '| --- | ---: | ---: | ---: |',
    ...groups.map((one) => `| ${one.language} | ${one.files} | ${one.lines} | ${kilobytes(one.size)} |`),
    '\n## Longest files\n',
    '| File | Language | Lines | Size |',
    '| --- | --- | ---: | ---: |',
    ...longest.map(
      (one) => `| ${cell(one.file)} | ${one.language} | ${one.lines} | ${kilobytes(one.size)} |`,
    ),
    '',
  ].join('\n');
}

function sum(files: readonly Measured[], field: 'lines' | 'size'): number {
  return files.reduce((total, one) => total + one[field], 0);
}

function kilobytes(size: number): string {
  return size < 1024 ? `${size} bytes` : `${(size / 1024).toFixed(1)} KB`;
}

function cell(text: string): string {
  return asPlainText(text).replaceAll('|', '\\|');
}
