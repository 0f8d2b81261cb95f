import type { Act } from '../../protocol/activity.ts';

/** Acts as CSV after RFC 4180, with a head line. */
export function actsAsCsv(acts: readonly Act[]): string {
  return [columns, ...acts.map(cells)].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** A field after RFC 4180; one that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvField(value: string): string {
  const harmless = /^[\s\p{Cf}\p{Cc}]*[=+\-@|%＝＋－＠\t\r]/u.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const columns = [
  'seq',
  'time',
  'actor',
  'title',
  'tool',
  'effects',
  'objects',
  'outcome',
  'note',
  'job',
  'session',
  'ability',
];

function cells(act: Act): string[] {
  return [
    String(act.seq),
    new Date(act.time).toISOString(),
    act.actor,
    act.title,
    act.tool,
    act.effects.join(' '),
    act.objects.join('\n'),
    act.outcome,
    act.note,
    act.job ?? '',
    act.session ?? '',
    act.ability ?? '',
  ];
}
