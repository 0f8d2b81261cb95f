import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../server/adapters/systemClock.ts';
import { findActs } from '../../server/core/activity/search.ts';
import type { Store } from '../../server/core/ports/store.ts';
import { todayOn } from '../../server/main/today.ts';
import type { Family } from '../family.ts';
import { bareAppends } from '../floors/bareJournal.ts';
import {
  attemptDraft,
  benchSession,
  jobDraft,
  messageDraft,
  mustAppend,
  sessionDraft,
  storeIn,
} from '../journalStage.ts';
import { median, quantile, type Row, rowOf } from '../row.ts';
import type { Stage } from '../stage.ts';

const appends = 10_000;
const batch = 1_000;
const opens = 9;
const pages = 60;
const questions = 5;

/** How fast the journal takes entries, and what it costs when it has grown. */
export const journal: Family = {
  name: 'journal',
  measure: async (stage, note) => {
    const size = stage.full ? 1_000_000 : 200_000;
    if (!stage.full)
      note(`1,000,000 entries: measured with ${size.toLocaleString('en')}; --full takes them all`);
    return [await appendRow(stage), ...(await largeRows(stage, size))];
  },
};

async function appendRow(stage: Stage): Promise<Row> {
  const store = await storeIn(folderOf(stage, 'append'));
  await mustAppend(store, [sessionDraft(), jobDraft('bench-job')]);
  const begun = performance.now();
  for (let index = 0; index < appends; index++) await mustAppend(store, [attemptDraft('bench-job')]);
  const perSecond = (appends / (performance.now() - begun)) * 1000;
  await store.close();
  return rowOf({
    name: 'journal append, one entry a transaction',
    value: perSecond,
    unit: '/s',
    floor: bareAppends(path.join(folderOf(stage, 'bare'), 'bare.db'), appends),
    limit: { atLeast: 10_000, partOfFloor: 0.25 },
  });
}

async function largeRows(stage: Stage, size: number): Promise<Row[]> {
  const empty = folderOf(stage, 'empty');
  await (await storeIn(empty)).close();
  const large = folderOf(stage, 'large');
  const store = await storeIn(large);
  await fill(store, size);
  const page = await pageTimes(store, size);
  const question = await questionTimes(store);
  await store.close();
  const [openLarge, openEmpty] = await openTimes(large, empty);
  const named = `with ${size.toLocaleString('en')} entries`;
  return [
    rowOf({
      name: `open a journal ${named}`,
      value: median(openLarge),
      unit: 'ms',
      floor: median(openEmpty),
      limit: { timesFloor: 1.2 },
    }),
    rowOf({
      name: `page of 100 entries with contents ${named}, p95`,
      value: quantile(page, 0.95),
      unit: 'ms',
      limit: { atMost: 10 },
    }),
    rowOf({
      name: `question about what was done that nothing answers, ${named}`,
      value: median(question),
      unit: 'ms',
      limit: { atMost: 1_500 },
    }),
  ];
}

async function fill(store: Store, size: number): Promise<void> {
  await mustAppend(store, [sessionDraft(), jobDraft('bench-job')]);
  for (let written = 2; written < size; written += batch) {
    const drafts = Array.from({ length: batch }, (_, index) =>
      messageDraft('bench-job', `Message ${written + index} of the bench.`),
    );
    await mustAppend(store, drafts);
  }
}

/** Opens both in turn, so that a slow moment of the machine meets both. */
async function openTimes(large: string, empty: string): Promise<[number[], number[]]> {
  const found: [number[], number[]] = [[], []];
  for (let time = 0; time <= opens; time++) {
    for (const [index, folder] of [large, empty].entries()) {
      const begun = performance.now();
      const store = await storeIn(folder);
      if (time > 0) found[index]?.push(performance.now() - begun);
      await store.close();
    }
  }
  return found;
}

async function pageTimes(store: Store, size: number): Promise<number[]> {
  const found: number[] = [];
  for (let time = 1; time <= pages; time++) {
    const before = Math.floor((size / (pages + 1)) * time) + 100;
    const begun = performance.now();
    await store.entries({ filter: { stream: benchSession }, before, limit: 100, bodies: true });
    found.push(performance.now() - begun);
  }
  return found;
}

/** A question looks at so many entries at most, and says how far it came. */
async function questionTimes(store: Store): Promise<number[]> {
  const found: number[] = [];
  for (let time = 0; time < questions; time++) {
    const begun = performance.now();
    await findActs({ store, today: () => todayOn(systemClock) }, { query: '"not to be found"', limit: 100 });
    found.push(performance.now() - begun);
  }
  return found;
}

function folderOf(stage: Stage, name: string): string {
  const folder = path.join(stage.folder, `journal-${name}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}
