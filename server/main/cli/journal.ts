import { csvField } from '../../core/activity/table.ts';
import type { EntryType } from '../../protocol/entryData.ts';
import { EntryType as EntryTypes } from '../../protocol/entryData.ts';
import type { Entry, JournalFilter } from '../../protocol/journal.ts';
import type { Butler } from '../compose.ts';
import { exitCodes } from './exitCodes.ts';
import { printCsv, printJson, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

interface ListOptions extends CommonOptions {
  readonly limit?: number;
  readonly job?: string;
  readonly type?: string[];
  readonly since?: string;
}

/** Lists the newest entries that fit. */
export function list(options: ListOptions): Promise<number> {
  return withButler(options, async ({ store }) => {
    const wrong = options.type?.find((type) => !EntryTypes.safeParse(type).success);
    const since = options.since ? Date.parse(options.since) : undefined;
    if (wrong || Number.isNaN(since)) return tellFailure(options, wrongOption(wrong));
    const filter: JournalFilter = {
      ...(options.job ? { job: options.job } : {}),
      ...(options.type ? { types: options.type as EntryType[] } : {}),
      ...(since === undefined ? {} : { since }),
    };
    const { limit = 50 } = options;
    const { entries } = await store.entries({ filter, limit, before: Number.MAX_SAFE_INTEGER });
    if (options.json) for (const entry of entries) printJson(entry);
    else printTable(entries.map(row));
    return exitCodes.done;
  });
}

/** Checks the whole chain. */
export function verify(options: CommonOptions): Promise<number> {
  return withButler(options, async ({ store }) => {
    const verdict = await store.verify();
    if (options.json) printJson(verdict);
    else if (verdict.state === 'clean') process.stdout.write(`Clean: ${verdict.entries} entries.\n`);
    else process.stderr.write(`Broken at entry ${verdict.seq}: ${verdict.what}\n`);
    return verdict.state === 'clean' ? exitCodes.done : exitCodes.failed;
  });
}

/** Folds the projections anew. */
export function rebuild(options: CommonOptions): Promise<number> {
  return withButler(options, async ({ store }) => {
    await store.rebuild();
    process.stdout.write('Rebuilt.\n');
    return exitCodes.done;
  });
}

/** Prints every entry, oldest first. */
export function exportAll(options: CommonOptions & { csv?: boolean }): Promise<number> {
  return withButler(options, async ({ store }) => {
    if (options.csv) printCsv('seq,time,stream,job,type,actor,data,hash\r\n');
    for await (const entry of everyEntry(store)) {
      if (options.csv) printCsv(`${csvFields(entry).map(csvField).join(',')}\r\n`);
      else printJson(entry);
    }
    return exitCodes.done;
  });
}

async function* everyEntry(store: Butler['store']): AsyncGenerator<Entry> {
  for (let after = 0, more = true; more; ) {
    const page = await store.entries({ after, limit: 2000 });
    yield* page.entries;
    after = page.entries.at(-1)?.seq ?? after;
    more = page.more;
  }
}

function csvFields(entry: Entry): string[] {
  const { seq, time, stream, job, type, actor, data, hash } = entry;
  return [
    String(seq),
    new Date(time).toISOString(),
    stream,
    job ?? '',
    type,
    actor,
    JSON.stringify(data),
    hash,
  ];
}

function row({ seq, time, type, actor, job, data }: Entry): string[] {
  const when = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  const what = 'title' in data ? String(data.title) : 'decision' in data ? String(data.decision) : '';
  return [String(seq), when, type, actor, job ?? '', what];
}

function wrongOption(type: string | undefined) {
  return {
    kind: 'invalid',
    field: type ? 'type' : 'since',
    what: type ? `There is no entry type "${type}".` : 'That is no date.',
    mend: type ? `Types: ${EntryTypes.options.join(', ')}.` : 'Write it as 2026-01-31.',
  } as const;
}
