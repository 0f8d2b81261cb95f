/** One commit, as its message says. */
export interface Commit {
  readonly hash: string;
  /** ISO date of the commit. */
  readonly date: string;
  readonly kind: string;
  readonly scope: string;
  readonly subject: string;
  readonly breaking: string | null;
}

/** What git log is asked for: one record per commit, ended by NUL. */
export const logFormat = '--format=%H%n%cs%n%s%n%b';

/** Reads git's answer; messages follow the Conventional Commits 1.0 where they do. */
export function parseLog(output: string): Commit[] {
  return output.split('\0').filter(Boolean).map(parseCommit);
}

/** The headings of the notes, in order, each with the kinds of commit under it; what is under none is "Other". */
const headings: readonly (readonly [string, readonly string[]])[] = [
  ['Features', ['feat', 'feature']],
  ['Fixes', ['fix', 'bugfix', 'hotfix']],
  ['Performance', ['perf']],
  ['Security', ['security', 'sec']],
  ['Documentation', ['docs', 'doc']],
  ['Refactoring', ['refactor']],
  ['Tests', ['test', 'tests']],
  ['Maintenance', ['build', 'chore', 'ci', 'style', 'revert']],
];

/** The commits as Markdown, grouped under headings; breaking changes first. */
export function notesOf(commits: readonly Commit[], title: string, range: string): string {
  const known = new Set(headings.flatMap(([, kinds]) => kinds));
  const groups: [string, string[]][] = [
    [
      'Breaking changes',
      commits.filter((one) => one.breaking !== null).map((one) => line(one, one.breaking)),
    ],
    ...headings.map(([heading, kinds]): [string, string[]] => [
      heading,
      commits.filter((one) => kinds.includes(one.kind)).map((one) => line(one)),
    ]),
    ['Other changes', commits.filter((one) => !known.has(one.kind)).map((one) => line(one))],
  ];
  const sections = groups
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => `## ${heading}\n\n${lines.join('\n')}\n`);
  return [`# ${asPlainText(title)}\n`, `${asPlainText(range)}\n`, ...sections].join('\n');
}

function parseCommit(record: string): Commit {
  const [hash = '', date = '', subject = '', ...rest] = record.split('\n');
  const body = rest.join('\n');
  const match = /^([A-Za-z]+)(?:\(([^)]*)\))?(!)?:\s+(.+)$/.exec(subject);
  const footer = /^BREAKING[ -]CHANGE:\s*(.+)$/m.exec(body)?.[1] ?? null;
  const plain = match?.[4] ?? subject;
  return {
    hash,
    date,
    kind: match?.[1]?.toLowerCase() ?? '',
    scope: match?.[2] ?? '',
    subject: plain,
    breaking: footer ?? (match?.[3] ? plain : null),
  };
}

function line(commit: Commit, instead: string | null = null): string {
  const scope = commit.scope ? `**${asPlainText(commit.scope)}**: ` : '';
  return `- ${scope}${asPlainText(instead ?? commit.subject)} (${commit.hash.slice(0, 8)})`;
}

/** A commit message is text, not Markdown: what could become a link or a tag is escaped. */
export function asPlainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').replace(/[\\<>[\]!]/g, '\\$&');
}
