import { createHash } from 'node:crypto';
import { openDatabase } from '../../server/adapters/storage/database.ts';

/** The floor of the journal: rows chained by hash in an encrypted file, one transaction each, nothing else. Answers rows per second. */
export function bareAppends(file: string, count: number): number {
  const opened = openDatabase({ file, key: new Uint8Array(32).fill(7) });
  if (!opened.ok) throw new Error(opened.failure.what);
  const database = opened.value;
  database.exec('CREATE TABLE journal (seq INTEGER PRIMARY KEY, data TEXT NOT NULL, hash TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO journal VALUES (?, ?, ?)');
  const append = database.transaction((seq: number, data: string, hash: string) =>
    insert.run(seq, data, hash),
  );
  let prev = '';
  const begun = performance.now();
  for (let seq = 1; seq <= count; seq++) {
    const data = JSON.stringify({ provider: 'bench', failure: 'The model is overloaded.', again: true, seq });
    prev = createHash('sha256').update(prev).update(data).digest('hex');
    append.immediate(seq, data, prev);
  }
  const took = performance.now() - begun;
  database.close();
  return (count / took) * 1000;
}
