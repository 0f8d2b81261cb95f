import { median, quantile } from '../row.ts';
import type { Take } from './measure.ts';
import { type FaultName, faultNames } from './model/script.ts';

/** A figure, or `null` where it was not or could not be had. */
type Figure = number | null;

/** What stands of an agent in the report: medians over all takes. */
export interface Summary {
  readonly agent: string;
  readonly release: string;
  readonly firstRequest: Figure;
  readonly firstBytes: Figure;
  readonly few: Rounds;
  readonly many: Rounds;
  readonly faults: Readonly<Record<FaultName, Recovery>>;
  readonly crash: Recovery & { readonly lost: Figure };
}

/** A number of rounds, as it went. */
export interface Rounds {
  readonly takes: number;
  readonly finished: number;
  readonly median: Figure;
  readonly p95: Figure;
  readonly growth: Figure;
  readonly cpu: Figure;
  readonly memory: Figure;
  readonly sent: Figure;
  readonly prefix: Figure;
}

/** How an agent came back, and in how many takes it did, and did something twice. */
export interface Recovery {
  readonly takes: number;
  readonly finished: number;
  readonly doubled: number;
  /** Median, in ms. */
  readonly time: Figure;
}

/** Sums up the records of one agent. */
export function summaryOf(agent: string, release: string, all: readonly Take[]): Summary {
  const records = all.filter((record) => record.agent === agent);
  const of = (scene: string) => records.filter((record) => record.scene === scene);
  const faults = faultNames.map((name) => [name, recoveryOf(of(name), 'recovery')] as const);
  const crash = of('crash');
  return {
    agent,
    release,
    firstRequest: middle(of('hello'), 'firstRequest'),
    firstBytes: middle(of('hello'), 'firstBytes'),
    few: roundsOf(of('rounds20')),
    many: roundsOf(of('rounds500')),
    faults: Object.fromEntries(faults) as Record<FaultName, Recovery>,
    crash: { ...recoveryOf(crash, 'resumed'), lost: most(crash, ['lost', 'forgotten']) },
  };
}

function roundsOf(records: readonly Take[]): Rounds {
  const whole = records.filter((record) => record.finished);
  const own = whole.flatMap((record) => record.rounds ?? []);
  return {
    takes: records.length,
    finished: whole.length,
    median: own.length > 0 ? median(own) : null,
    p95: own.length > 0 ? quantile(own, 0.95) : null,
    growth: middle(whole, 'growth'),
    cpu: middle(whole, 'cpu'),
    memory: middle(whole, 'memory'),
    sent: middle(whole, 'sent'),
    prefix: middle(whole, 'prefix'),
  };
}

function recoveryOf(records: readonly Take[], time: string): Recovery {
  return {
    takes: records.length,
    finished: records.filter((record) => record.finished).length,
    doubled: records.filter((record) => (record.figures.doubled ?? 0) > 0).length,
    time: middle(records, time),
  };
}

function middle(records: readonly Take[], name: string): Figure {
  const values = valuesOf(records, [name]);
  return values.length > 0 ? median(values) : null;
}

function most(records: readonly Take[], names: readonly string[]): Figure {
  const values = valuesOf(records, names);
  return values.length > 0 ? Math.max(...values) : null;
}

const valuesOf = (records: readonly Take[], names: readonly string[]): number[] =>
  records.flatMap((record) => names.flatMap((name) => record.figures[name] ?? []));
