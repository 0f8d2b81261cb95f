import path from 'node:path';
import { setSecret } from '../../server/protocol/provider.ts';
import { saveSettings } from '../../server/protocol/settings.ts';
import { type Asked, type Mock, openMock } from '../anthropicMock.ts';
import { type Client, openClient } from '../client.ts';
import type { Family } from '../family.ts';
import { type Limit, median, quantile, type Row, rowOf } from '../row.ts';
import { ended, memoryOf, readFileName, type Stage, start } from '../stage.ts';

const few = 20;
const many = 500;
/** How often the few rounds are played, ours and the floor's in turn. */
const times = 8;
/** How often the many are; the growth within one play swings by a third with what else the machine does. */
const longTimes = 5;

/** What a round of one tool call costs beside the model, what it sends, and what memory it leaves. */
export const rounds: Family = {
  name: 'rounds',
  measure: async (stage, note) => {
    const mock = await openMock();
    const client = await openClient(stage.worker, stage.workspace, stage.env('rounds', mock.url));
    try {
      await client.send(setSecret, { provider: 'anthropic', value: 'bench-key-of-no-worth' });
      await client.send(saveSettings, { change: { budget: unlimited } });
      const idle = await settledMemory(client);
      await play(client, stage, mock, few);
      const short: (readonly Asked[])[] = [];
      const bareShort: Bare[] = [];
      for (let time = 0; time < times; time++) {
        bareShort.push(await playBare(stage, mock, few));
        short.push(await play(client, stage, mock, few));
      }
      const afterShort = await settledMemory(client);
      const bareLong = [await playBare(stage, mock, many)];
      const long = [await play(client, stage, mock, many)];
      const afterLong = await settledMemory(client);
      while (long.length < longTimes) {
        long.push(await play(client, stage, mock, many));
        bareLong.push(await playBare(stage, mock, many));
      }
      const bareAsked = bareLong.map((one) => one.asked);
      if (!idle) note('memory: this system does not say what a process uses');
      return [
        ...roundRows(
          few,
          short,
          bareShort.map((one) => one.asked),
        ),
        ...roundRows(many, long, bareAsked),
        flatness(long, bareAsked),
        ...requestRows(short[0] ?? []),
        ...memoryRows({
          idle,
          afterShort,
          afterLong,
          bareShort: bareShort[0]?.memory ?? null,
          bareLong: bareLong[0]?.memory ?? null,
        }),
      ];
    } finally {
      await client.close();
      await mock.close();
    }
  },
};

/** So many rounds are more than a person would allow unasked. */
const unlimited = {
  job: { usd: null, tokens: null, rounds: null, minutes: null },
  day: { usd: null, tokens: null },
};

/** Own time of each round: from the last byte of an answer to the next request. */
function ownTimes(asked: readonly Asked[]): number[] {
  return asked.slice(1).map((one, index) => one.arrived - (asked[index]?.answered ?? Number.NaN));
}

async function play(client: Client, stage: Stage, mock: Mock, count: number): Promise<readonly Asked[]> {
  mock.script(count, readFileName);
  const end = await client.runJob('bench', stage.workspace, 'Read the notes.');
  return complete(mock, count, `the worker's job ended as ${end}`);
}

interface Bare {
  readonly asked: readonly Asked[];
  /** Memory when the last answer was handed over. */
  readonly memory: Memory;
}

async function playBare(stage: Stage, mock: Mock, count: number): Promise<Bare> {
  mock.script(count, readFileName);
  const session = path.join(stage.folder, `session-${count}.jsonl`);
  const env = stage.env('bare', mock.url);
  const args = ['Read the notes.', session];
  const child = start(stage.sdkLoop, args, { cwd: stage.workspace, env, stdio: 'inherit' });
  const memory = mock.ended().then(() => memoryOf(child.pid ?? 0));
  const code = await ended(child);
  const asked = complete(mock, count, `the bare loop ended with ${code}`);
  return { asked, memory: await memory };
}

function complete(mock: Mock, count: number, what: string): readonly Asked[] {
  const asked = [...mock.asked];
  if (asked.length === count + 1) return asked;
  throw new Error(`${asked.length} requests instead of ${count + 1}: ${what}`);
}

type Runs = readonly (readonly Asked[])[];

/**
 * Each play is held against that of the floor beside it, and the middle of these ratios counts, for within one run the
 * speed of a machine changes by half. Over many rounds decision 0009 allows more of the floor.
 */
function roundRows(count: number, ours: Runs, bare: Runs): Row[] {
  const name = `own time per tool round, ${count} rounds`;
  const line = (what: string, part: number, limit: { atMost: number; timesFloor: number }) => {
    const at = (runs: Runs) => runs.map((run) => quantile(ownTimes(run), part));
    const floors = at(bare);
    const value = median(at(ours));
    const ratio = median(at(ours).map((one, index) => one / (floors[index] ?? Number.NaN)));
    return rowOf({ name: `${name}, ${what}`, value, unit: 'ms', floor: value / ratio, limit });
  };
  return [
    line('median', 0.5, { atMost: 3, timesFloor: count === few ? 2.3 : 2.7 }),
    line('p95', 0.95, { atMost: 7, timesFloor: count === few ? 1.4 : 1.6 }),
  ];
}

function flatness(ours: Runs, bare: Runs): Row {
  const growth = (runs: Runs) =>
    median(
      runs.map((run) => {
        const all = ownTimes(run);
        return median(all.slice(-50)) / median(all.slice(0, 50));
      }),
    );
  return rowOf({
    name: `own time, last 50 of ${many} rounds over first 50`,
    value: growth(ours),
    unit: '×',
    floor: growth(bare),
    limit: { atMost: 1.3, timesFloor: 1 },
  });
}

function requestRows(asked: readonly Asked[]): Row[] {
  const prefixes = asked.slice(1).map((one, index) => commonPart(asked[index]?.body ?? '', one.body));
  return [
    rowOf({
      name: 'first request with the file tools',
      value: asked[0]?.bytes ?? Number.NaN,
      unit: 'bytes',
      limit: { atMost: 5600 },
    }),
    rowOf({
      name: 'common prefix of consecutive requests',
      value: Math.min(...prefixes) * 100,
      unit: '% of the earlier one',
      limit: { atLeast: 100 },
    }),
  ];
}

/** The part, 0 to 1, of the earlier request that the later one begins with: system, tools, messages, without cache marks. */
function commonPart(earlier: string, later: string): number {
  const [before, after] = [cachedText(earlier), cachedText(later)];
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  return same / before.length;
}

function cachedText(body: string): string {
  const { system, tools, messages } = JSON.parse(body, (key, value) =>
    key === 'cache_control' ? undefined : value,
  );
  return JSON.stringify([tools, system, ...messages]).slice(0, -1);
}

type Memory = ReturnType<typeof memoryOf>;

/** Memory after the collector had its time. */
async function settledMemory({ process: child }: Client): Promise<Memory> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return memoryOf(child.pid ?? 0);
}

function memoryRows(
  at: Record<'idle' | 'afterShort' | 'afterLong' | 'bareShort' | 'bareLong', Memory>,
): Row[] {
  const { idle, afterShort, afterLong, bareShort, bareLong } = at;
  if (!idle || !afterShort || !afterLong) return [];
  const line = (name: string, value: number, limit: Limit, floor?: number) =>
    rowOf({
      name: `worker memory, ${name}`,
      value,
      unit: 'MB',
      ...(floor === undefined ? {} : { floor }),
      limit,
    });
  return [
    line('idle', idle.now, { atMost: 85 }),
    line(`peak over ${few} rounds`, afterShort.peak, { atMost: 115 }, bareShort?.peak),
    line(`after ${many} rounds`, afterLong.now, { atMost: 140, timesFloor: 1 }, bareLong?.now),
  ];
}
