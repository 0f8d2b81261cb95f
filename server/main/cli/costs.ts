import { type Cost, noCost } from '../../protocol/cost.ts';
import { failures } from '../../protocol/failure.ts';
import { namedTime } from '../clockTime.ts';
import { exitCodes } from './exitCodes.ts';
import { printJson, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

interface CostOptions extends CommonOptions {
  readonly job?: string;
  readonly since?: string;
}

/** Says what a job with its children, and what all jobs since a day, spent on models. */
export function costs(options: CostOptions): Promise<number> {
  return withButler(options, async ({ store, clock }) => {
    const since = options.since === undefined ? clock.midnight() : namedTime(options.since);
    if (Number.isNaN(since)) {
      return tellFailure(options, failures.invalid('since', 'That is no date.', 'Write it as 2026-01-31.'));
    }
    if (options.job && !(await store.job(options.job))) {
      return tellFailure(options, failures.notFound('job', options.job));
    }
    const all = await store.spent({ since });
    const job = options.job ? await store.spent({ job: options.job }) : null;
    if (options.json) printJson({ job, since: all });
    else {
      const when = options.since ? `since ${options.since}` : 'today';
      printTable([...(job ? [['this job', ...wordsOf(job)]] : []), [when, ...wordsOf(all)]]);
    }
    return exitCodes.done;
  });
}

function wordsOf({ tokens, usd, unpriced, rounds }: Cost & { readonly rounds: number }): string[] {
  const price = `$${usd.toFixed(usd > noCost.usd && usd < 0.01 ? 4 : 2)}`;
  const unknown = unpriced ? 'and some at no known price' : '';
  return [price, `${tokens} tokens`, `${rounds} ${rounds === 1 ? 'answer' : 'answers'}`, unknown];
}
