import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Family } from '../family.ts';
import { openBareQueue } from '../floors/bareQueue.ts';
import { jobDraft, mustAppend, sessionDraft, storeIn } from '../journalStage.ts';
import { rowOf } from '../row.ts';
import { ended, type Stage } from '../stage.ts';

const processes = 4;
const jobs = 8_000;
const batch = 10;

interface Claimed {
  readonly begun: number;
  readonly ended: number;
  readonly jobs: readonly string[];
}

/** How fast four worker processes empty one queue, and that none takes what another has. */
export const claims: Family = {
  name: 'claims',
  measure: async (stage) => {
    const bare = await emptyQueue(await bareQueue(stage), 'bare');
    const ours = await emptyQueue(await storeQueue(stage), 'store');
    const taken = ours.flatMap((one) => one.jobs);
    return [
      rowOf({
        name: `claims with ${processes} processes on one store`,
        value: perSecond(ours),
        unit: '/s',
        floor: perSecond(bare),
        limit: { atLeast: 5_000, partOfFloor: 0.25 },
      }),
      rowOf({
        name: `of ${jobs.toLocaleString('en')} jobs claimed twice or lost`,
        value: taken.length - new Set(taken).size + Math.abs(jobs - new Set(taken).size),
        unit: 'jobs',
        limit: { atMost: 0 },
      }),
    ];
  },
};

/** Claims per second, from the first process's begin to the last one's end. */
function perSecond(claimed: readonly Claimed[]): number {
  const begun = Math.min(...claimed.map((one) => one.begun));
  const end = Math.max(...claimed.map((one) => one.ended));
  return (jobs / (end - begun)) * 1000;
}

async function storeQueue({ folder: parent }: Stage): Promise<string> {
  const folder = path.join(parent, 'claims');
  mkdirSync(folder, { recursive: true });
  const store = await storeIn(folder);
  for (let made = 0; made < jobs; made += batch) {
    const numbers = Array.from({ length: batch }, (_, index) => made + index);
    const drafts = numbers.flatMap((number) => {
      const session = `session-${number}`;
      return [sessionDraft(session), jobDraft(`job-${number}`, session)];
    });
    await mustAppend(store, drafts);
  }
  await store.close();
  return folder;
}

async function bareQueue({ folder: parent }: Stage): Promise<string> {
  const folder = path.join(parent, 'claims-bare');
  mkdirSync(folder, { recursive: true });
  const queue = openBareQueue(path.join(folder, 'bare.db'));
  queue.fill(jobs);
  queue.close();
  return folder;
}

async function emptyQueue(folder: string, kind: 'bare' | 'store'): Promise<Claimed[]> {
  const file = path.join(import.meta.dirname, '../claimer.ts');
  const children = Array.from({ length: processes }, () => fork(file, [folder, kind]));
  await Promise.all(children.map(said));
  const all = Promise.all(children.map(async (child) => (await said(child)) as Claimed));
  for (const child of children) child.send('go');
  return all;
}

/** The next message of a child; a child that ends without one is a fault. */
function said(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    void ended(child).then((code) => reject(new Error(`a claiming process ended with ${code}`)));
  });
}
