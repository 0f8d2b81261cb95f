/** What a figure must keep to; it is kept when one of the limits given is. */
export interface Limit {
  readonly atMost?: number;
  readonly atLeast?: number;
  /** At most so many times the floor of the same run. */
  readonly timesFloor?: number;
  /** At least this part of the floor of the same run, where more is better. */
  readonly partOfFloor?: number;
}

/** A figure as it was measured, with the floor measured beside it where there is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly limit: Limit;
}

/** One line of the report; `ratio` is the value over its floor. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number | null;
  readonly ratio: number | null;
  readonly budget: string;
  readonly ok: boolean;
}

/** Holds a figure against its limit. */
export function rowOf({ name, value, unit, floor, limit }: Figure): Row {
  const ratio = floor === undefined || floor === 0 ? null : value / floor;
  const ok =
    (limit.atMost !== undefined && value <= limit.atMost) ||
    (limit.atLeast !== undefined && value >= limit.atLeast) ||
    (limit.timesFloor !== undefined && ratio !== null && ratio <= limit.timesFloor) ||
    (limit.partOfFloor !== undefined && ratio !== null && ratio >= limit.partOfFloor);
  return {
    name,
    value: rounded(value),
    unit,
    floor: floor === undefined ? null : rounded(floor),
    ratio: ratio === null ? null : rounded(ratio),
    budget: wordsOf(limit, unit),
    ok,
  };
}

/** Rows as a table for a person. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['what', 'value', 'floor', 'ratio', 'budget', ''];
  const cells = rows.map((row) => [
    row.name,
    `${row.value} ${row.unit}`,
    row.floor === null ? '' : `${row.floor}`,
    row.ratio === null ? '' : `${row.ratio} ×`,
    row.budget,
    row.ok ? 'ok' : 'OVER',
  ]);
  const all = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The value below which the given part, 0 to 1, of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}

/** The middle value. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

function wordsOf({ atMost, atLeast, timesFloor, partOfFloor }: Limit, unit: string): string {
  const words = [
    ...(atMost === undefined ? [] : [`≤ ${atMost.toLocaleString('en')} ${unit}`]),
    ...(atLeast === undefined ? [] : [`≥ ${atLeast.toLocaleString('en')} ${unit}`]),
    ...(timesFloor === undefined ? [] : [`≤ ${timesFloor} × floor`]),
    ...(partOfFloor === undefined ? [] : [`≥ ${partOfFloor} × floor`]),
  ];
  return words.join(' or ');
}

function rounded(value: number): number {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(digits));
}
