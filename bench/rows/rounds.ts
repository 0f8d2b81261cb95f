import path from 'node:path';
import { setSecret } from '../../server/protocol/provider.ts';
import { saveSettings } from '../../server/protocol/settings.ts';
import type { Asked } from '../anthropicMock.ts';
import { type Client, openClient } from '../client.ts';
import { type Duel, openDuel, type Played, type Side } from '../duel.ts';
import type { Family } from '../family.ts';
import { type Limit, median, quantile, type Row, rowOf } from '../row.ts';
import { ended, memoryOf, readFileName, type Stage, start } from '../stage.ts';

const few = 20;
const many = 500;
/** How often the few rounds are played, once before the memory is looked at and once behind it. */
const times = 8;
/** How often the many are; the growth within one play swings by a third with what else the machine does. */
const longTimes = 5;

/** What a round of one tool call costs beside the model, what it sends, and what memory it leaves. */
export const rounds: Family = {
  name: 'rounds',
  measure: async (stage, note) => {
    const duel = await openDuel();
    const client = await openClient(stage.worker, stage.workspace, stage.env('rounds', duel.urls.ours));
    try {
      await client.send(setSecret, { provider: 'anthropic', value: 'bench-key-of-no-worth' });
      await client.send(saveSettings, { change: { budget: unlimited } });
      const idle = await settledMemory(client);
      const ground = { duel, client, stage };
      const warmUp = await play(ground, few);
      const early = await plays(ground, few, times);
      const afterShort = await settledMemory(client);
      const short = [...early, ...(await plays(ground, few, times))];
      const firstLong = await play(ground, many);
      const afterLong = await settledMemory(client);
      const long = [firstLong, ...(await plays(ground, many, longTimes - 1))];
      if (!idle) note('memory: this system does not say what a process uses');
      return [
        ...roundRows(few, short),
        ...roundRows(many, long),
        flatness(long),
        ...requestRows(warmUp.ours),
        ...memoryRows({
          idle,
          afterShort,
          afterLong,
          bareShort: warmUp.bare,
          bareLong: firstLong.bare,
        }),
      ];
    } finally {
      await client.close();
      await duel.close();
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

interface Ground {
  readonly duel: Duel;
  readonly client: Client;
  readonly stage: Stage;
}

interface Pair extends Played {
  /** Memory of the bare loop when the last answer was handed over. */
  readonly bare: Memory;
}

async function plays(ground: Ground, count: number, repeated: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  while (pairs.length < repeated) pairs.push(await play(ground, count));
  return pairs;
}

/** A job of the worker's beside a run of the bare loop, round by round in turn. */
async function play({ duel, client, stage }: Ground, count: number): Promise<Pair> {
  const session = path.join(stage.folder, `session-${count}.jsonl`);
  const env = stage.env('bare', duel.urls.floor);
  let bare: Memory = null;
  const played = duel.play({ count, file: readFileName, bodies: count === few }, (side) => {
    if (side === 'floor') bare = memoryOf(child.pid ?? 0);
  });
  const args = ['Read the notes.', session];
  const child = start(stage.sdkLoop, args, { cwd: stage.workspace, env, stdio: 'inherit' });
  const job = client.runJob('bench', stage.workspace, 'Read the notes.');
  const ends = Promise.all([job, ended(child)]);
  const { ours, floor } = await Promise.race([
    played,
    ends.then(([end, code]) => incomplete(played, end, code)),
  ]);
  await ends;
  for (const asked of [ours, floor])
    if (asked.length !== count + 1) throw new Error(`${asked.length} requests instead of ${count + 1}`);
  return { ours, floor, bare };
}

/** Both have ended: the models have said so by then, or one of the two stopped early. */
async function incomplete(played: Promise<Played>, end: string, code: number): Promise<Played> {
  const none = new Promise<null>((resolve) => setTimeout(resolve, 2000, null));
  const found = await Promise.race([played, none]);
  if (found) return found;
  throw new Error(`it stopped early: the worker's job ended as ${end}, the bare loop with ${code}`);
}

/** All rounds of all plays together; what they may cost says decision 0009. */
function roundRows(count: number, pairs: readonly Pair[]): Row[] {
  const name = `own time per tool round, ${count} rounds`;
  const line = (what: string, part: number, limit: { atMost: number; timesFloor: number }) => {
    const at = (side: Side) =>
      quantile(
        pairs.flatMap((pair) => ownTimes(pair[side])),
        part,
      );
    return rowOf({ name: `${name}, ${what}`, value: at('ours'), unit: 'ms', floor: at('floor'), limit });
  };
  return [
    line('median', 0.5, { atMost: 3, timesFloor: 1.9 }),
    line('p95', 0.95, { atMost: 7, timesFloor: count === few ? 1.4 : 1.6 }),
  ];
}

function flatness(pairs: readonly Pair[]): Row {
  const growth = (side: Side) => {
    const all = pairs.map((pair) => ownTimes(pair[side]));
    return median(all.flatMap((one) => one.slice(-50))) / median(all.flatMap((one) => one.slice(0, 50)));
  };
  return rowOf({
    name: `own time, last 50 of ${many} rounds over first 50`,
    value: growth('ours'),
    unit: '×',
    floor: growth('floor'),
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
