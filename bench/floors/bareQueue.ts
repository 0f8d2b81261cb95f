import { openDatabase } from '../../server/adapters/storage/database.ts';

/** The floor of the queue: jobs of an encrypted table and the one statement that claims, nothing else. */
export interface BareQueue {
  fill(jobs: number): void;
  claim(worker: string): string | null;
  close(): void;
}

/** Opens the table in a file, or makes it. */
export function openBareQueue(file: string): BareQueue {
  const opened = openDatabase({ file, key: new Uint8Array(32).fill(7) });
  if (!opened.ok) throw new Error(opened.failure.what);
  const database = opened.value;
  database.exec('CREATE TABLE IF NOT EXISTS queue (id TEXT PRIMARY KEY, state TEXT NOT NULL, worker TEXT)');
  database.exec('CREATE INDEX IF NOT EXISTS queued ON queue (state, id)');
  const insert = database.prepare("INSERT INTO queue VALUES (?, 'queued', NULL)");
  const claim = database.prepare(
    `UPDATE queue SET state = 'running', worker = ?
     WHERE id = (SELECT id FROM queue WHERE state = 'queued' ORDER BY id LIMIT 1) RETURNING id`,
  );
  const fill = database.transaction((jobs: number) => {
    for (let job = 0; job < jobs; job++) insert.run(`job-${job}`);
  });
  return {
    fill: (jobs) => fill(jobs),
    claim: (worker) => (claim.get(worker) as { id: string } | undefined)?.id ?? null,
    close: () => database.close(),
  };
}
