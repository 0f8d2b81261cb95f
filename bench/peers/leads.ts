import { faultNames } from './model/script.ts';
import type { Recovery, Summary } from './summary.ts';
import { faultTitles } from './tables.ts';

/** The loop that is no agent. */
const noAgent = 'floor';

/** Every column in which another agent is better than the one named, as a sentence with both figures. */
export function leadsOver(name: string, summaries: readonly Summary[]): string[] {
  const own = summaries.find(({ agent }) => agent === name);
  if (!own) return [];
  const others = summaries.filter(({ agent }) => agent !== name && agent !== noAgent);
  return Object.entries(measures).flatMap(([title, of]) => {
    const ours = of(own);
    const better = others
      .map((other) => ({ agent: other.agent, figure: of(other) }))
      .filter(({ figure }) => figure !== null && (ours === null || figure < ours))
      .sort((one, other) => (one.figure ?? 0) - (other.figure ?? 0));
    if (better.length === 0) return [];
    const words = better.map(({ agent, figure }) => `${agent} ${shown(figure)}`);
    return [`${title}: ${words.join(', ')}; ${name} ${shown(ours)}.`];
  });
}

type Measure = (summary: Summary) => number | null;

/** The columns in which less is better; what was not finished, or done twice, counts for nothing. */
const measures: Readonly<Record<string, Measure>> = {
  'Start to first request, ms': ({ firstRequest }) => firstRequest,
  'Own time per round over 20, median, ms': ({ few }) => few.median,
  'Own time per round over 20, p95, ms': ({ few }) => few.p95,
  'Own time per round over 500, median, ms': ({ many }) => many.median,
  'Own time per round over 500, p95, ms': ({ many }) => many.p95,
  'Growth from the first 50 rounds of 500 to the last, times': ({ many }) => many.growth,
  'Processor time per round over 500, ms': ({ many }) => many.cpu,
  'First request, bytes': ({ firstBytes }) => firstBytes,
  'Sent over 20 rounds, bytes': ({ few }) => few.sent,
  'Sent over 500 rounds, bytes': ({ many }) => many.sent,
  'Peak memory over 20 rounds, MB': ({ few }) => few.memory,
  'Peak memory over 500 rounds, MB': ({ many }) => many.memory,
  ...Object.fromEntries(
    faultNames.map((name): [string, Measure] => [
      `Fault to next good request, ${faultTitles[name]}, ms`,
      ({ faults }) => clean(faults[name]),
    ]),
  ),
  'Start after kill -9 to first request, ms': ({ crash }) => (crash.lost === 0 ? clean(crash) : null),
};

const clean = ({ takes, finished, doubled, time }: Recovery): number | null =>
  takes > 0 && finished === takes && doubled === 0 ? time : null;

function shown(figure: number | null): string {
  if (figure === null) return 'none';
  return figure < 100 ? figure.toFixed(1) : Math.round(figure).toLocaleString('en');
}
