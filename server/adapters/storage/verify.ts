import { setImmediate } from 'node:timers/promises';
import type { Verdict } from '../../protocol/journal.ts';
import { digestOf, type EntryRow, firstPrev, hashOf } from './entryRow.ts';
import type { Head, HeadReading } from './headFile.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** Recomputes the chain from the first entry, checks every content and compares with the head kept outside. */
export async function verify(queries: Queries, outside: () => HeadReading): Promise<Verdict> {
  const head = outside();
  const page = pageOf(queries);
  const contents = contentCheck();
  let last: Head = { seq: 0, hash: firstPrev };
  let headHash = typeof head !== 'string' && head.seq === 0 ? firstPrev : null;
  let fault: Fault | null = null;
  for (let rows = page.all({ after: 0 }); rows.length > 0 && !fault; rows = page.all({ after: last.seq })) {
    for (const row of rows) {
      fault = chainFault(row, last) ?? contents.fault(row);
      if (fault) break;
      if (typeof head !== 'string' && row.seq === head.seq) headHash = row.hash;
      last = { seq: row.seq, hash: row.hash };
    }
    await setImmediate();
  }
  const first = earliest([fault, contents.missing(), headFault(head, headHash, last)]);
  if (first) return { state: 'broken', ...first };
  return { state: 'clean', entries: last.seq, head: last.hash };
}

interface Fault {
  readonly seq: number;
  readonly what: string;
}

type Row = EntryRow & { readonly body: string | null };

const pageSize = 1000;

function pageOf(queries: Queries) {
  return queries.prepare({ after: 0 }, ({ after }) =>
    sqlite
      .selectFrom('journal')
      .leftJoin('contents', 'contents.seq', 'journal.seq')
      .selectAll('journal')
      .select('contents.body')
      .where('journal.seq', '>', after)
      .orderBy('journal.seq')
      .limit(pageSize),
  );
}

function chainFault(row: Row, last: Head): Fault | null {
  const seq = last.seq + 1;
  if (row.seq !== seq) return { seq, what: `Entry ${seq} is missing; the next one is ${row.seq}.` };
  if (row.prev !== last.hash) return { seq, what: `Entry ${seq} does not follow the one before it.` };
  if (row.hash !== hashOf(row))
    return { seq, what: `Entry ${seq} was changed: its hash is that of another text.` };
  return null;
}

/** Contents must be what their digest says, and may be missing only where a later entry says they were deleted. */
function contentCheck() {
  const absent: { seq: number; stream: string; digest: string }[] = [];
  const streams = new Map<string, number>();
  const digests = new Map<string, number>();
  return {
    fault(row: Row): Fault | null {
      const { seq, stream, content, body } = row;
      if (row.type === 'session.deleted') streams.set(stream, seq);
      if (row.type === 'content.deleted') {
        for (const digest of (JSON.parse(row.data) as { digests: string[] }).digests)
          digests.set(digest, seq);
      }
      if (content !== null && body === null) absent.push({ seq, stream, digest: content });
      const changed = body !== null && content !== digestOf(body);
      return changed ? { seq, what: `The content of entry ${seq} was changed.` } : null;
    },
    missing(): Fault | null {
      const lost = absent.find(
        ({ seq, stream, digest }) => seq > (streams.get(stream) ?? 0) && seq > (digests.get(digest) ?? 0),
      );
      return lost ? { seq: lost.seq, what: `The content of entry ${lost.seq} is missing.` } : null;
    },
  };
}

function headFault(head: HeadReading, hash: string | null, last: Head): Fault | null {
  if (head === 'missing') {
    return { seq: last.seq, what: 'The head kept outside the store is missing, so a cut would not show.' };
  }
  if (head === 'altered') {
    return { seq: last.seq, what: 'The head kept outside the store was changed or damaged.' };
  }
  if (head.seq > last.seq) {
    const seq = last.seq + 1;
    return { seq, what: `The journal ends at entry ${last.seq}, but it reached ${head.seq}.` };
  }
  return head.hash === hash
    ? null
    : { seq: head.seq, what: `Entry ${head.seq} is not the one that was written.` };
}

/** The first fault by number; a fault of the head counts only where the chain itself holds up to it. */
function earliest(faults: readonly (Fault | null)[]): Fault | null {
  const found = faults.filter((fault) => fault !== null);
  return found.reduce<Fault | null>((best, fault) => (best && best.seq <= fault.seq ? best : fault), null);
}
