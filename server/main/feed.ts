import type { Store } from '../core/ports/store.ts';
import type { Entry } from '../protocol/journal.ts';

const pageSize = 500;

/** Hands on every entry behind the one numbered `from`, by any process, in order and once; answers the way to stop. */
export async function followJournal(
  store: Store,
  from: number,
  deliver: (entries: readonly Entry[]) => void,
  report: (error: unknown) => void,
): Promise<() => void> {
  let cursor = from;
  let reading = false;
  let again = false;
  const read = async () => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      do {
        again = false;
        const { entries, more } = await store.entries({ after: cursor, limit: pageSize, bodies: true });
        cursor = entries.at(-1)?.seq ?? cursor;
        if (entries.length > 0) deliver(entries);
        again ||= more;
      } while (again);
    } catch (error) {
      report(error);
    } finally {
      reading = false;
    }
  };
  const stop = store.watch((news) => {
    if (!news || reading || !follows(cursor, news)) return void read();
    cursor += news.length;
    deliver(news);
  });
  await read();
  return stop;
}

/** Whether the entries come right behind the cursor, with none of another process between them. */
function follows(cursor: number, entries: readonly Entry[]): boolean {
  return entries[0]?.seq === cursor + 1 && entries.at(-1)?.seq === cursor + entries.length;
}
